import type { Json } from '../json-body.ts';

/** Bayeux messages (docs.cometd.org, "Bayeux Protocol"), as far as the Streaming API uses them. */
export interface Message {
  channel: string;
  id?: string;
  clientId?: string;
  subscription?: string | string[];
  connectionType?: string;
  supportedConnectionTypes?: string[];
  version?: string;
  advice?: { timeout?: number };
  ext?: { replay?: Record<string, Json> };
}

export type Reply = Record<string, unknown> & { channel: string };

/** Streaming API Developer Guide, "Bayeux Protocol, CometD, and Long Polling": the server holds a connect for 110 s. */
export const CONNECT_TIMEOUT = 110_000;
export const RETRY = { reconnect: 'retry', interval: 0, timeout: CONNECT_TIMEOUT };

/** The fields that every reply repeats from its message. */
const repeated = ({ channel, id, clientId }: Message): Reply => ({
  channel,
  ...(id === undefined ? {} : { id }),
  ...(clientId === undefined ? {} : { clientId }),
});

export const success = (message: Message, more: Record<string, unknown> = {}): Reply => ({
  ...repeated(message),
  successful: true,
  ...more,
});

export const failure = (message: Message, error: string, more: Record<string, unknown> = {}): Reply => ({
  ...repeated(message),
  successful: false,
  error,
  ...more,
});

export const unknownClient = (message: Message): Reply =>
  failure(message, '403::Unknown client', { advice: { reconnect: 'handshake', interval: 0 } });

export const NO_TOKEN = '401::Request requires authentication';
export const AUTHENTICATION_INVALID = '401::Authentication invalid';

/** Without a session the client must log in before it shakes hands again. */
export const unauthenticated = (message: Message, reason: string): Reply =>
  message.channel === '/meta/handshake'
    ? failure(message, '403::Handshake denied', {
        ext: { sfdc: { failureReason: reason }, replay: true },
        advice: { reconnect: 'none' },
      })
    : failure(message, reason, { advice: { reconnect: 'none', interval: 0 } });
