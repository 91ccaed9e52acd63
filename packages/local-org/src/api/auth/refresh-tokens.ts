/** Refresh tokens: who may ask for a new session without logging in again, kept in the store's state. */
import { createHash } from 'node:crypto';
import { randomBytes, type Random } from 'kernel/random.ts';
import type { Store } from '../../store/types.ts';

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
