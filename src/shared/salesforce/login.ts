/** How programs log in to an org: JWT bearer or client credentials, never a password (help: "OAuth Authorization Flows"). */
import { createSign } from 'node:crypto';
import type { Clock } from 'kernel/clock.ts';
import type { HttpResponse, Transport } from 'kernel/http.ts';
import { isOutage } from '../http-status.ts';
import { isPlain, isText, parsed } from '../shapes.ts';
import { SalesforceError } from './errors.ts';
import type { Session, Sessions } from './under-session.ts';

/** A JWT or client credentials are for production (an External Client App); an access token for scratch and local orgs. */
export type SalesforceAuth =
  | { kind: 'accessToken'; accessToken: string }
  | {
      kind: 'jwt';
      clientId: string;
      username: string;
      /** PEM of the private key whose certificate the External Client App knows. */
      privateKey: string;
      /** Where the token endpoint is and whom the assertion addresses. Default: the instance URL. */
      loginUrl?: string;
    }
  /** The External Client App says whom it runs as. The token endpoint is the org's own. */
  | { kind: 'clientCredentials'; clientId: string; clientSecret: string };

/** Salesforce refuses assertions that are valid for longer than 3 minutes (help: OAuth 2.0 JWT Bearer Flow). */
const ASSERTION_SECONDS = 180;
/** An assertion by a clock that is off by less is good at Salesforce's, too. */
const MAX_SKEW_MS = 60_000;
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Salesforce does not let us in: it will say so again until somebody mends it. */
export class LoginRefused extends SalesforceError {
  /** What its clock says, in epoch milliseconds, as far as it told. */
  readonly theirTime: number | null;

  constructor(message: string, details: ConstructorParameters<typeof SalesforceError>[1], theirTime: number | null) {
    super(message, details);
    this.theirTime = theirTime;
  }
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The signed assertion of the JWT bearer flow. */
const assertion = (auth: SalesforceAuth & { kind: 'jwt' }, audience: string, now: number): string => {
  const claims = {
    iss: auth.clientId,
    sub: auth.username,
    aud: audience,
    exp: Math.floor(now / 1000) + ASSERTION_SECONDS,
  };
  const signed = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(auth.privateKey, 'base64url')}`;
};

type Asked = Exclude<SalesforceAuth, { kind: 'accessToken' }>;

interface Asking {
  /** Where the token endpoint is. */
  at: string;
  form: Record<string, string>;
  who: string;
  /** What to look at when it is refused. */
  remedy: string;
}

const asking = (auth: Asked, instanceUrl: string, now: number): Asking => {
  if (auth.kind === 'clientCredentials')
    return {
      at: instanceUrl,
      form: { grant_type: 'client_credentials', client_id: auth.clientId, client_secret: auth.clientSecret },
      who: auth.clientId,
      remedy: 'check the External Client App, its secret and the user that it runs as',
    };
  const audience = auth.loginUrl ?? instanceUrl;
  return {
    at: audience,
    form: { grant_type: GRANT, assertion: assertion(auth, audience, now) },
    who: auth.username,
    remedy: 'check the External Client App, its certificate and who is pre-authorised',
  };
};

const logIn = async (options: LoginOptions): Promise<Session> => {
  const { auth, instanceUrl, clock } = options;
  if (auth.kind === 'accessToken') return { accessToken: auth.accessToken, instanceUrl };
  const now = clock.now();
  try {
    return await logInAt(options, auth, now);
  } catch (error) {
    if (!(error instanceof LoginRefused) || auth.kind !== 'jwt' || error.theirTime === null) throw error;
    // an assertion by a clock that is wrong has expired, or begins tomorrow: theirs is the one that counts
    if (Math.abs(error.theirTime - now) <= MAX_SKEW_MS) throw error;
    return logInAt(options, auth, error.theirTime);
  }
};

/** By its `Date` (RFC 9110), in epoch milliseconds; null: the answer does not say. */
const timeOf = ({ headers }: HttpResponse): number | null => {
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? null : time;
};

/** Logs in as one whose clock says `now`. */
const logInAt = async ({ instanceUrl, transport }: LoginOptions, auth: Asked, now: number): Promise<Session> => {
  const { at, form, who, remedy } = asking(auth, instanceUrl, now);
  const url = `${at}/services/oauth2/token`;
  const response = await transport({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const { status, body } = response;
  if (isOutage(status))
    throw new SalesforceError(`${url} answered ${status}`, { status, errorCode: `LOGIN_HTTP_${status}` });
  const answer = parsed(body);
  if (!isPlain(answer)) {
    const words = `${url} answered ${status} without JSON: look at what stands between`;
    throw new SalesforceError(words, { status, errorCode: 'UNREADABLE_ANSWER' });
  }
  const { access_token: accessToken, instance_url: instance, error, error_description: description } = answer;
  if (status !== 200 || !isText(accessToken) || accessToken === '') {
    const said = isText(description) ? description : 'no text';
    const errorCode = `LOGIN_${(isText(error) ? error : String(status)).toUpperCase()}`;
    throw new LoginRefused(
      `${url} refused the login of ${who}: ${said}; ${remedy}`,
      { status, errorCode, said },
      timeOf(response),
    );
  }
  return { accessToken, instanceUrl: isText(instance) && instance !== '' ? instance : instanceUrl };
};

export interface LoginOptions {
  instanceUrl: string;
  auth: SalesforceAuth;
  transport: Transport;
  clock: Clock;
}

/**
 * The sessions of an integration user: logs in when there is none, by the clock of Salesforce where its own is wrong. Rejects with LoginRefused, naming the remedy, when
 * Salesforce does not let it in; with SalesforceError for an outage, and as the transport when no answer came.
 */
export class Login implements Sessions {
  readonly #options: LoginOptions;
  #session: Session | null = null;

  constructor(options: LoginOptions) {
    this.#options = { ...options, instanceUrl: options.instanceUrl.replace(/\/+$/, '') };
  }

  async session(): Promise<Session> {
    this.#session ??= await logIn(this.#options);
    return this.#session;
  }

  /** Forgets a session that Salesforce no longer accepts. */
  end(session: Session): void {
    if (this.#session === session) this.#session = null;
  }
}
