import { BATCH_LIMIT } from './circuit.ts';

/** So many at once are a load: then it is worth waiting for company. */
const LOAD = BATCH_LIMIT / 4;

/**
 * How long to rest after `count` came at once, so that what comes meanwhile goes together: hardly at all while the
 * system is idle, and up to `atMost` milliseconds under load. So waits that batch nothing do not happen, and a long list
 * costs few calls.
 */
export const paceAfter = (count: number, atMost: number): number => Math.floor(atMost * Math.min(1, count / LOAD));
