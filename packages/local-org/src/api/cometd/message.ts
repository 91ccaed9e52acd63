/** The messages of the Bayeux protocol. */
import { createHash } from 'node:crypto';
import type { FieldSchema, ObjectSchema, PublishedEvent, Value } from '../../store/types.ts';
import type { Json } from '../json-body.ts';
import { valueToJson } from '../records/values.ts';

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

const SCHEMA_ID_LENGTH = 22;

/** Changes with the event's fields, like the id of its Avro schema. */
const schemaId = (object: ObjectSchema): string => {
  const fields = [...object.fields.values()].map(({ name, type }) => `${name}:${type}`).sort();
  return createHash('sha256').update(`${object.name} ${fields.join()}`).digest('base64url').slice(0, SCHEMA_ID_LENGTH);
};

/** Times in event payloads end in Z, unlike those of the REST API. */
const payloadValue = ({ type }: FieldSchema, value: Value | undefined): Value =>
  type === 'datetime' && typeof value === 'number' ? new Date(value).toISOString() : valueToJson(value ?? null, type);

/** A published event as subscribers receive it. */
export const eventMessage = (channel: string, object: ObjectSchema, event: PublishedEvent): Reply => {
  const custom = [...object.fields.values()].filter((field) => field.custom);
  return {
    channel,
    data: {
      schema: schemaId(object),
      payload: {
        CreatedDate: new Date(event.createdAt).toISOString(),
        CreatedById: event.createdById,
        ...Object.fromEntries(custom.map((field) => [field.name, payloadValue(field, event.values[field.name])])),
      },
      event: { EventUuid: event.uuid, replayId: event.replayId, EventApiName: object.name },
    },
  };
};
