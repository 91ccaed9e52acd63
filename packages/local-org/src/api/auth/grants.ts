/** What a client may exchange for a session, and the errors of the OAuth endpoints. */
import { createHash } from 'node:crypto';
import { randomBytes, type Random } from 'kernel/random.ts';
import type { Store } from '../../store/types.ts';
import type { ApiDeps } from '../types.ts';

/** Errors of the OAuth endpoints: `{ error, error_description }`. */
export class OAuthError extends Error {
  override name = 'OAuthError';
  readonly error: string;
  readonly status: number;

  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

const USED_CODE = 'api-used-authorization-code';

/** The username that the code stands for. Throws OAuthError when it is not, or no longer, valid. */
export const redeemAuthorizationCode = (
  { authorizations = [], store }: ApiDeps,
  { code, clientId, redirectUri }: { code: string; clientId: string; redirectUri: string },
): string => {
  const found = authorizations.find((authorization) => authorization.code === code);
  if (!found) throw new OAuthError('invalid_grant', 'invalid authorization code');
  if (found.consumerKey !== clientId) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (found.callbackUrl !== redirectUri) {
    throw new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (store.state.get(USED_CODE, code) !== null) throw new OAuthError('invalid_grant', 'expired authorization code');
  store.state.put(USED_CODE, code, '');
  return found.username;
};

/** Refresh tokens: who may ask for a new session without logging in again, kept in the store's state. */
export interface RefreshGrant {
  userId: string;
  /** The client that the token was given to; no other may use it. */
  consumerKey: string;
}

interface Env {
  store: Store;
  random: Random;
}

const KIND = 'api-refresh-token';
const TOKEN_BYTES = 48;
/** What Salesforce's own begin with. */
const PREFIX = '5Aep861';

/** Only the hash is kept. */
const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export const giveRefreshToken = ({ store, random }: Env, grant: RefreshGrant): string => {
  const token = PREFIX + Buffer.from(randomBytes(random, TOKEN_BYTES)).toString('base64url');
  store.state.put(KIND, keyOf(token), JSON.stringify(grant));
  return token;
};

export const findRefreshGrant = ({ store }: Pick<Env, 'store'>, token: string): RefreshGrant | null => {
  const text = store.state.get(KIND, keyOf(token));
  return text === null ? null : (JSON.parse(text) as RefreshGrant);
};
