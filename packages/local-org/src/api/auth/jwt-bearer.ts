/** The JWT bearer grant (RFC 7523): a signed assertion names the client, the user and the audience. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { ConnectedApp } from '../../types.ts';
import { OAuthError } from './grants.ts';

/** Salesforce's login hosts, which it accepts as audience beside the org's own URL. */
const LOGIN_HOSTS = ['https://login.salesforce.com', 'https://test.salesforce.com'];

interface Claims {
  iss?: unknown;
  sub?: unknown;
  aud?: unknown;
  exp?: unknown;
}

export interface Assertion {
  app: ConnectedApp;
  username: string;
}

const invalidGrant = (description: string): OAuthError => new OAuthError('invalid_grant', description);

/** Who the assertion speaks for. Throws OAuthError when it is not valid. */
export const readAssertion = (
  assertion: string,
  apps: readonly ConnectedApp[],
  { origin, now }: { origin: string; now: number },
): Assertion => {
  const [header, payload, signature, ...more] = assertion.split('.');
  if (!header || !payload || !signature || more.length > 0) throw invalidGrant('invalid assertion');
  const claims = decode(payload) as Claims;
  const app = apps.find(({ consumerKey }) => consumerKey === claims.iss);
  if (!app) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  const { alg } = decode(header) as { alg?: unknown };
  const signed = Buffer.from(`${header}.${payload}`);
  if (alg !== 'RS256' || !verify('RSA-SHA256', signed, publicKey(app), Buffer.from(signature, 'base64url'))) {
    throw invalidGrant('invalid assertion');
  }
  checkAudience(claims.aud, origin);
  if (typeof claims.exp !== 'number' || claims.exp * 1000 <= now) throw invalidGrant('expired authorization code');
  if (typeof claims.sub !== 'string') throw invalidGrant('invalid assertion');
  return { app, username: claims.sub };
};

const decode = (part: string): object => {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as object;
  } catch {
    throw invalidGrant('invalid assertion');
  }
};

const publicKey = ({ certificate }: ConnectedApp): KeyObject => {
  if (!certificate) throw new OAuthError('invalid_client', 'the connected app has no certificate');
  return createPublicKey(certificate);
};

const checkAudience = (audience: unknown, origin: string): void => {
  const given = typeof audience === 'string' ? audience.replace(/\/(services\/oauth2\/token)?$/, '') : null;
  if (given === null || ![origin, ...LOGIN_HOSTS].includes(given)) throw invalidGrant('audience is invalid');
};
