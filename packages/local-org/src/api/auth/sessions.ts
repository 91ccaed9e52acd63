/** Sessions: who an access token stands for. */
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import type { Store } from '../../store/types.ts';
import { inTransaction } from '../in-transaction.ts';

const TIMEOUT = 2 * 3_600_000;
const KIND = 'api-session';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
const SECRET_LENGTH = 96;

/**
 * Sessions: who an access token stands for, kept in the store's state so that they outlive a restart.
 * A session ends when it was not used for two hours (Session Settings, "Session timeout"), except the
 * one the org starts with. As in Salesforce, use renews it only when half of the time is over.
 */
export interface Session {
  userId: string;
  /** Epoch milliseconds; null: never. */
  expiresAt: number | null;
}

interface Env {
  store: Store;
  clock: Clock;
  random: Random;
}

const randomText = (random: Random, length: number): string =>
  Array.from({ length }, () => ALPHABET[Math.floor(random.next() * ALPHABET.length)]).join('');

/** Opens a session and answers its access token, `00D…!…`. */
export const openSession = (env: Env, userId: string): string => {
  const token = `${env.store.orgId.slice(0, 15)}!${randomText(env.random, SECRET_LENGTH)}`;
  keep(env, token, { userId, expiresAt: env.clock.now() + TIMEOUT });
  return token;
};

/** Opens the session of a token that was given out elsewhere and never expires by time. */
export const openLastingSession = (env: Env, token: string, userId: string): void =>
  keep(env, token, { userId, expiresAt: null });

const keep = (env: Env, token: string, session: Session): void =>
  inTransaction(env.store, () => env.store.state.put(KIND, token, JSON.stringify(session)));

/** The session of a token, renewed, or null when there is none or it has expired. */
export const useSession = (env: Env, token: string): Session | null => {
  const text = env.store.state.get(KIND, token);
  if (!text) return null;
  const session = JSON.parse(text) as Session;
  if (session.expiresAt === null) return session;
  const left = session.expiresAt - env.clock.now();
  if (left <= 0) {
    endSession(env, token);
    return null;
  }
  if (left < TIMEOUT / 2) keep(env, token, { ...session, expiresAt: env.clock.now() + TIMEOUT });
  return session;
};

/** Answers whether there was such a session. */
export const endSession = (env: Env, token: string): boolean => {
  const known = env.store.state.get(KIND, token) !== null;
  if (known) inTransaction(env.store, () => env.store.state.delete(KIND, token));
  return known;
};

/** The access token of a request: `Authorization: Bearer 00D…!…`, or `OAuth` in place of `Bearer`. */
export const bearerToken = (headers: Record<string, string>): string | null =>
  /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;

/** How the client addresses the org: `http://127.0.0.1:4000`. */
export const originOf = (headers: Record<string, string>): string =>
  `${headers['x-forwarded-proto'] ?? 'http'}://${headers.host ?? 'localhost'}`;
