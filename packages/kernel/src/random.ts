import { randomInt } from 'node:crypto';

/** Randomness as a dependency: a stream of numbers in [0, 1), replayable from its seed. */
export interface Random {
  next(): number;
}

/** The mulberry32 generator: 32 bits of state, enough for fault injection, jitter and test ids; never for secrets. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  return {
    next(): number {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
  };
};

export const systemRandom: Random = { next: () => Math.random() };

/** Unpredictable, and never repeated by processes that start at once: for ids, cookies and tokens. */
export const secureRandom: Random = { next: () => randomInt(2 ** 47) / 2 ** 47 };

/** `count` bytes drawn from `random`. */
export const randomBytes = (random: Random, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => Math.floor(random.next() * 256));

/** A version 4 UUID (RFC 9562) drawn from `random`, lower-case. */
export const randomUuid = (random: Random): string => {
  const bytes = randomBytes(random, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
