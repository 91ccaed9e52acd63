import type { Clock } from 'kernel/clock.ts';
import type { HttpResponse, Transport } from 'kernel/http.ts';
import { ROW_LOCKED, tellsRowLock } from '../../../shared/salesforce/row-lock.ts';
import { envelopeOf, isPlain, isText, parsed, type ErrorEnvelope } from '../../../shared/shapes.ts';
import { BatchRefused, TargetUnavailable } from '../errors.ts';
import { exchange, isOutage, readJson, retryAfter } from '../http-status.ts';
import { logIn, type SalesforceAuth, type Session } from './auth.ts';

export const API_VERSION = '67.0';
export const DATA = `/services/data/v${API_VERSION}`;

export interface RestOptions {
  instanceUrl: string;
  auth: SalesforceAuth;
  transport: Transport;
  clock: Clock;
}

/**
 * The first error in either envelope: the platform's `[{errorCode, message}]` or our Apex's `{errorCode, message,
 * retryable}`. Null: Salesforce did not say this.
 */
export const salesforceError = (body: unknown): ErrorEnvelope | null =>
  envelopeOf(Array.isArray(body) ? (body as unknown[])[0] : body);

/** Codes that speak of the org as a whole; its next answers will be the same until something changes there. */
const ORG_WIDE = new Set([
  'REQUEST_LIMIT_EXCEEDED',
  'SERVER_UNAVAILABLE',
  'PAUSED',
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'INVALID_SESSION_ID',
]);

/**
 * A thin client of Salesforce's REST APIs over the injected transport. Logs in when needed, once more
 * after a 401, counts API calls, and sorts errors into those of the org and those of the request.
 */
export class SalesforceRest {
  #options: RestOptions;
  #session: Session | null = null;
  #calls = 0;

  constructor(options: RestOptions) {
    this.#options = { ...options, instanceUrl: options.instanceUrl.replace(/\/+$/, '') };
  }

  takeCallCount(): number {
    const calls = this.#calls;
    this.#calls = 0;
    return calls;
  }

  async session(): Promise<Session> {
    const { auth, instanceUrl, transport, clock } = this.#options;
    this.#session ??= await logIn(auth, instanceUrl, transport, clock);
    return this.#session;
  }

  /** Forgets a session that Salesforce no longer accepts. */
  end(session: Session): void {
    if (this.#session === session) this.#session = null;
  }

  /** The id of the org that we speak to: part of a session id, or told by userinfo. */
  async orgId(): Promise<string> {
    const { accessToken } = await this.session();
    const [prefix = ''] = accessToken.split('!', 1);
    if (/^00D[A-Za-z0-9]{12,15}$/.test(prefix) && prefix !== accessToken) return prefix;
    const info = await this.call('GET', '/services/oauth2/userinfo');
    const id = isPlain(info) ? info.organization_id : undefined;
    if (!isText(id) || id === '')
      throw new TargetUnavailable(
        'NO_ORG_ID',
        'userinfo named no organization_id: give the login the scopes "api" and "id"',
      );
    return id;
  }

  /** Sends a request under a session; after a 401 once more under a new one. The answer's status is not judged. */
  async #send(method: string, path: string, body: unknown): Promise<HttpResponse> {
    for (let again = false; ; again = true) {
      const session = await this.session();
      this.#calls += 1;
      const response = await exchange(this.#options.transport, {
        method,
        url: `${session.instanceUrl}${path}`,
        headers: {
          authorization: `Bearer ${session.accessToken}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? '' : JSON.stringify(body),
      });
      if (response.status !== 401 || again) return response;
      this.end(session);
    }
  }

  /** The JSON that Salesforce answers. Rejects with TargetUnavailable for what concerns the org, BatchRefused for what concerns the request. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(method, path, body);
    const { status } = response;
    if (status >= 200 && status < 300) return readJson(response, path);
    const error = salesforceError(parsed(response.body));
    const code = error?.errorCode ?? `HTTP_${status}`;
    const text = `${method} ${path} answered ${status} ${code}: ${error?.message ?? 'not in the words of Salesforce'}`;
    const wait = retryAfter(response, this.#options.clock.now());
    const unavailable = (): TargetUnavailable =>
      new TargetUnavailable(code, text, wait === undefined ? {} : { retryAfterMs: wait });

    if (!error) {
      // too large for something in between: a smaller batch may pass, and a single message waits until that is mended
      if (status === 413) throw new BatchRefused(code, text, true);
      throw unavailable();
    }
    if (ORG_WIDE.has(error.errorCode) || status === 401 || status === 403) throw unavailable();
    // an Apex exception says something of the batch (a limit, a record): a smaller one may go through
    const isLock = tellsRowLock(error.errorCode, error.message);
    if (error.errorCode === 'APEX_ERROR') throw new BatchRefused(apexCode(error.message), text, isLock);
    if (isLock) throw new BatchRefused(ROW_LOCKED, text, true);
    if (isOutage(status)) throw unavailable();
    // a path that is not served says that something is not deployed there
    if (status === 404 || status === 405) throw unavailable();
    throw new BatchRefused(error.errorCode, text, error.retryable);
  }
}

/** `System.LimitException: …` → `LimitException`: enough for audit and logs, without the values in the text. */
const apexCode = (message: string): string => /\b(\w+Exception)\b/.exec(message)?.[1] ?? 'APEX_ERROR';
