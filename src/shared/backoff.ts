import type { Random } from 'kernel/random.ts';

/** Bounds of an exponential backoff with full jitter: a random pause up to `baseMs * 2^n`, at most `maxMs`. */
export interface Backoff {
  baseMs: number;
  maxMs: number;
}

/** 2^20 of any base is beyond every sensible bound; it keeps the power finite. */
const MAX_EXPONENT = 20;

/** A pause after the `tries`-th failure in a row (from 1): exponential, bounded, full jitter, at least one millisecond. */
export const pauseAfter = (tries: number, { baseMs, maxMs }: Backoff, random: Random): number => {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(Math.max(0, tries - 1), MAX_EXPONENT));
  return Math.max(1, Math.floor(random.next() * ceiling));
};
