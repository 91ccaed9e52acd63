/** The chunks of a batch job, one state entry each, so that a chunk costs the same however long the job is. */
import type { Store } from '../../../store/types.ts';

const kindOf = (jobId: string): string => `batch-chunk:${jobId}`;

/** `content`: JSON of record ids (QueryLocator) or a serialised list (Iterable). */
export const putChunk = (store: Store, jobId: string, chunk: number, content: string): void =>
  store.state.put(kindOf(jobId), String(chunk), content);

export const takeChunk = (store: Store, jobId: string, chunk: number): string | null => {
  const content = store.state.get(kindOf(jobId), String(chunk));
  store.state.delete(kindOf(jobId), String(chunk));
  return content;
};

export const dropChunks = (store: Store, jobId: string): void => {
  for (const { key } of store.state.list(kindOf(jobId))) store.state.delete(kindOf(jobId), key);
};
