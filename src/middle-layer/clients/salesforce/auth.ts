import { createSign } from 'node:crypto';
import type { Clock } from 'kernel/clock.ts';
import type { Transport } from 'kernel/http.ts';
import { isPlain, isText } from '../../../shared/shapes.ts';
import type { Session, Sessions } from '../../../shared/salesforce/under-session.ts';
import { TargetUnavailable } from '../errors.ts';
import { badAnswer, exchange, isOutage, readJson } from '../http-status.ts';

/** How the middle layer logs in. A JWT is for production (an External Client App with a certificate); an access token for scratch and local orgs. */
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
    };

/** Salesforce refuses assertions that are valid for longer than 3 minutes (help: OAuth 2.0 JWT Bearer Flow). */
const ASSERTION_SECONDS = 180;
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The signed assertion of the JWT bearer flow. */
export const assertion = (auth: SalesforceAuth & { kind: 'jwt' }, audience: string, now: number): string => {
  const claims = {
    iss: auth.clientId,
    sub: auth.username,
    aud: audience,
    exp: Math.floor(now / 1000) + ASSERTION_SECONDS,
  };
  const signed = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(auth.privateKey, 'base64url')}`;
};

/** Opens a session. Rejects with TargetUnavailable, naming the remedy, when Salesforce does not let us in. */
const logIn = async (
  auth: SalesforceAuth,
  instanceUrl: string,
  transport: Transport,
  clock: Clock,
): Promise<Session> => {
  if (auth.kind === 'accessToken') return { accessToken: auth.accessToken, instanceUrl };
  const audience = auth.loginUrl ?? instanceUrl;
  const url = `${audience}/services/oauth2/token`;
  const response = await exchange(transport, {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: GRANT, assertion: assertion(auth, audience, clock.now()) }).toString(),
  });
  if (isOutage(response.status))
    throw new TargetUnavailable(`LOGIN_HTTP_${response.status}`, `${url} answered ${response.status}`);
  const answer = readJson(response, url);
  if (!isPlain(answer)) throw badAnswer(url, `answered ${response.status} with no JSON object`);
  const { access_token: accessToken, instance_url: instance, error, error_description: description } = answer;
  if (response.status !== 200 || !isText(accessToken) || accessToken === '') {
    throw new TargetUnavailable(
      `LOGIN_${(isText(error) ? error : String(response.status)).toUpperCase()}`,
      `${url} refused the login of ${auth.username}: ${isText(description) ? description : 'no text'}; check the External Client App, its certificate and who is pre-authorised`,
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

/** The sessions of the integration user: logs in when there is none. */
export class Login implements Sessions {
  readonly #options: LoginOptions;
  #session: Session | null = null;

  constructor(options: LoginOptions) {
    this.#options = { ...options, instanceUrl: options.instanceUrl.replace(/\/+$/, '') };
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
}
