import type { HttpResponse, Transport } from 'kernel/http.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import { TargetUnavailable } from '../errors.ts';
import { badAnswer, exchange, readJson } from '../http-status.ts';
import type { Sessions } from '../../../shared/salesforce/under-session.ts';
import { API_VERSION } from '../../../shared/salesforce/version.ts';

/** A Bayeux message (docs.cometd.org), as far as the Streaming API uses them. */
export interface Bayeux {
  channel: string;
  clientId?: string;
  successful?: boolean;
  error?: string;
  advice?: { reconnect?: 'retry' | 'handshake' | 'none'; interval?: number };
  ext?: { sfdc?: { failureReason?: string }; replay?: unknown };
  data?: { event?: { replayId?: number } };
}

const isAdvice = (value: unknown): boolean =>
  value == null || (isPlain(value) && isOptional(value.reconnect, 'string') && isOptional(value.interval, 'number'));

const isReason = (value: unknown): boolean =>
  value == null ||
  (isPlain(value) && (value.sfdc == null || (isPlain(value.sfdc) && isOptional(value.sfdc.failureReason, 'string'))));

const isEventData = (value: unknown): boolean =>
  value == null ||
  (isPlain(value) && (value.event == null || (isPlain(value.event) && isOptional(value.event.replayId, 'number'))));

const isBayeux = (value: unknown): value is Bayeux =>
  isPlain(value) &&
  isText(value.channel) &&
  isOptional(value.clientId, 'string') &&
  isOptional(value.successful, 'boolean') &&
  isOptional(value.error, 'string') &&
  isAdvice(value.advice) &&
  isReason(value.ext) &&
  isEventData(value.data);

/** The session of the access token is over. */
const isUnauthenticated = ({ error, ext }: Bayeux): boolean =>
  (error ?? '').startsWith('401') || (ext?.sfdc?.failureReason ?? '').startsWith('401');

/** One CometD client over long polling: its session, and the cookies that keep it with one server of Salesforce. */
export class BayeuxConnection {
  #sessions: Sessions;
  #transport: Transport;
  #cookies = new Map<string, string>();
  #clientId: string | null = null;

  constructor(sessions: Sessions, transport: Transport) {
    this.#sessions = sessions;
    this.#transport = transport;
  }

  /** Sends one message; resolves with the answer to it and what else came along. */
  async send(
    message: Bayeux & Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<{ answer: Bayeux; others: Bayeux[] }> {
    const session = await this.#sessions.session();
    const response = await exchange(this.#transport, {
      method: 'POST',
      url: `${session.instanceUrl}/cometd/${API_VERSION}`,
      headers: {
        authorization: `OAuth ${session.accessToken}`,
        'content-type': 'application/json',
        ...(this.#cookies.size
          ? { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
          : {}),
      },
      body: JSON.stringify([{ ...message, ...(this.#clientId ? { clientId: this.#clientId } : {}) }]),
      signal,
    });
    this.#keepCookies(response);
    if (response.status === 401) await this.#sessions.end(session);
    if (response.status !== 200)
      throw new TargetUnavailable(`HTTP_${response.status}`, `${message.channel} was answered ${response.status}`);
    const replies = readJson(response, message.channel);
    if (!isArrayOf(replies, isBayeux)) throw badAnswer(message.channel, 'was not answered in Bayeux messages');
    const answer = replies.find(({ channel }) => channel === message.channel);
    if (!answer) throw new TargetUnavailable('BAD_ANSWER', `${message.channel} was not answered`);
    if (isUnauthenticated(answer)) await this.#sessions.end(session);
    if (message.channel === '/meta/handshake' && answer.clientId) this.#clientId = answer.clientId;
    return { answer, others: replies.filter((reply) => reply !== answer) };
  }

  #keepCookies({ headers }: HttpResponse): void {
    for (const line of (headers['set-cookie'] ?? '').split('\n')) {
      const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
      if (name) this.#cookies.set(name, value ?? '');
    }
  }
}
