import { TransportError } from 'kernel/http.ts';
import { UnreadableAnswer } from '../../../shared/expected.ts';
import { isOutage } from '../../../shared/http-status.ts';
import { SalesforceClient, type RequestToSalesforce } from '../../../shared/salesforce/client.ts';
import { SalesforceError } from '../../../shared/salesforce/errors.ts';
import { Login, type LoginOptions } from '../../../shared/salesforce/login.ts';
import { ROW_LOCKED, tellsRowLock } from '../../../shared/salesforce/row-lock.ts';
import { underSession, type Session, type Sessions } from '../../../shared/salesforce/under-session.ts';
import { API_VERSION } from '../../../shared/salesforce/version.ts';
import { isPlain, isText } from '../../../shared/shapes.ts';
import { BatchRefused, TargetUnavailable } from '../errors.ts';

/** Codes that speak of the org as a whole; its next answers will be the same until something changes there. */
const ORG_WIDE = new Set([
  'REQUEST_LIMIT_EXCEEDED',
  'SERVER_UNAVAILABLE',
  'PAUSED',
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'INVALID_SESSION_ID',
]);

/** `System.LimitException: …` → `LimitException`: enough for audit and logs, without the values in the text. */
const apexCode = (message: string): string => /\b(\w+Exception)\b/.exec(message)?.[1] ?? 'APEX_ERROR';

/** What an answer that is no success means for the queue: the org as a whole, or what was in the request. */
const sorted = (error: SalesforceError): TargetUnavailable | BatchRefused => {
  const { status, errorCode, said, message, retryable, retryAfterMs } = error;
  const unavailable = (): TargetUnavailable =>
    new TargetUnavailable(errorCode, message, {
      cause: error,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  // too large for something in between: a smaller batch may pass, and a single message waits until that is mended
  if (said === null) return status === 413 ? new BatchRefused(errorCode, message, true) : unavailable();
  if (ORG_WIDE.has(errorCode) || status === 401 || status === 403) return unavailable();
  // an Apex exception says something of the batch (a limit, a record): a smaller one may go through
  const isLock = tellsRowLock(errorCode, said);
  if (errorCode === 'APEX_ERROR') return new BatchRefused(apexCode(said), message, isLock);
  if (isLock) return new BatchRefused(ROW_LOCKED, message, true);
  if (isOutage(status)) return unavailable();
  // a path that is not served says that something is not deployed there
  if (status === 404 || status === 405) return unavailable();
  return new BatchRefused(errorCode, message, retryable);
};

/** A failure in the terms of the queue. */
const inTermsOfTheQueue = (error: unknown): unknown => {
  if (error instanceof SalesforceError) return sorted(error);
  if (error instanceof TransportError) return new TargetUnavailable('NO_ANSWER', error.message, { cause: error });
  if (error instanceof UnreadableAnswer) return new TargetUnavailable('BAD_ANSWER', error.message, { cause: error });
  return error;
};

/** A login that does not let us in says that the org is unavailable, whatever it says. */
const sessionsOf = (login: Login): Sessions => ({
  session: () =>
    login.session().catch((error: unknown) => {
      if (error instanceof SalesforceError)
        throw new TargetUnavailable(error.errorCode, error.message, { cause: error });
      throw inTermsOfTheQueue(error);
    }),
  end: (session) => login.end(session),
});

/**
 * The client of the integration user. It logs in by itself and rejects in the terms of the queue: TargetUnavailable for
 * what concerns the org, BatchRefused for what concerns the request.
 */
export class IntegrationClient extends SalesforceClient {
  readonly #sessions: Sessions;
  #callsTaken = 0;

  constructor(options: LoginOptions) {
    const sessions = sessionsOf(new Login(options));
    const { transport, clock } = options;
    super(underSession({ sessions, transport, now: () => clock.now() }), API_VERSION);
    this.#sessions = sessions;
  }

  /** API calls since the last time this was asked. */
  takeCallCount(): number {
    const calls = this.calls - this.#callsTaken;
    this.#callsTaken = this.calls;
    return calls;
  }

  session(): Promise<Session> {
    return this.#sessions.session();
  }

  /** Forgets a session that Salesforce no longer accepts. */
  async end(session: Session): Promise<void> {
    await this.#sessions.end(session);
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

  protected override async exchange<T>(request: RequestToSalesforce): Promise<T> {
    // first of all: a login that is refused is no call of the API
    await this.session();
    try {
      return await super.exchange<T>(request);
    } catch (error) {
      throw inTermsOfTheQueue(error);
    }
  }

  protected override checked<V, T extends V>(value: V, is: (value: V) => value is T, what: string): T {
    try {
      return super.checked(value, is, what);
    } catch (error) {
      throw inTermsOfTheQueue(error);
    }
  }
}
