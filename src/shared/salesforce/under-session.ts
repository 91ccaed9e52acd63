/** Requests to an org over a transport, under a session that is renewed when Salesforce no longer takes it. */
import type { HttpResponse, Transport } from 'kernel/http.ts';
import { retryAfter } from '../retry-after.ts';
import { parsed } from '../shapes.ts';
import type { SalesforceRequest } from './client.ts';
import { errorOfAnswer, SalesforceError } from './errors.ts';

export interface Session {
  accessToken: string;
  instanceUrl: string;
}

/** Where sessions come from: a login of its own, or a person's login that somebody else keeps. */
export interface Sessions {
  /** The session of now; logs in when there is none. */
  session(): Promise<Session>;
  /** Told that Salesforce no longer accepts this session: the next one is another. */
  end(session: Session): void | Promise<void>;
}

export interface Road {
  sessions: Sessions;
  transport: Transport;
  /** Epoch milliseconds: `Retry-After` may be a date. */
  now: () => number;
}

const NO_CONTENT = 204;
const CREATED = 201;

/** An answer that is no JSON came from something else on the way. */
const jsonOf = (request: string, { status, body }: HttpResponse, isUpload: boolean): unknown => {
  if (body === '' && (status === NO_CONTENT || (isUpload && status === CREATED))) return null;
  const value = parsed(body);
  if (value !== undefined) return value;
  const words = `${request} was answered ${status} without JSON: look at what stands between`;
  throw new SalesforceError(words, { status, errorCode: 'UNREADABLE_ANSWER' });
};

/**
 * Sends under a session; after a 401 once more under a new one. Rejects with SalesforceError for any status but 2xx and
 * for what is no JSON, and with the transport's own error when no answer came.
 */
export const underSession =
  ({ sessions, transport, now }: Road): SalesforceRequest =>
  async ({ method, url, body, csv, as }, onAgain) => {
    const content = csv ?? (body === undefined ? '' : JSON.stringify(body));
    const type = csv === undefined ? 'application/json' : 'text/csv; charset=UTF-8';
    const send = async (): Promise<{ response: HttpResponse; session: Session }> => {
      const session = await sessions.session();
      const response = await transport({
        method,
        url: `${session.instanceUrl}${url}`,
        headers: {
          authorization: `Bearer ${session.accessToken}`,
          accept: as === 'text' ? 'text/csv' : 'application/json',
          ...(content === '' ? {} : { 'content-type': type }),
        },
        body: content,
      });
      return { response, session };
    };
    let { response, session } = await send();
    if (response.status === 401) {
      await sessions.end(session);
      // a new session first: a login that is refused is no further call of the API
      await sessions.session();
      onAgain?.();
      ({ response, session } = await send());
    }
    const request = `${method} ${url}`;
    const { status, headers } = response;
    if (status < 200 || status >= 300)
      throw errorOfAnswer(request, status, parsed(response.body), retryAfter(response, now()));
    return (as === 'text' ? { headers, body: response.body } : jsonOf(request, response, csv !== undefined)) as never;
  };
