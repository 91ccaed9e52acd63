import type { Entry } from './entry.ts';

/** The rows that have no error so far: a step sees no others. */
export const soundOf = (entries: readonly Entry[]): Entry[] => entries.filter((entry) => entry.errors.length === 0);
