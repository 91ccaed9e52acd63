/** The last guard of the org's process: a transaction that fills its memory ends, before it ends the process. */
import { getHeapStatistics } from 'node:v8';
import { heapTooLarge } from '../values/index.ts';

/** Of the memory that the process may have. */
const MAX_SHARE = 0.75;

export const checkMemory = (): void => {
  const { used_heap_size: used, external_memory: external, heap_size_limit: limit } = getHeapStatistics();
  if (used + external > limit * MAX_SHARE) throw heapTooLarge(used + external);
};
