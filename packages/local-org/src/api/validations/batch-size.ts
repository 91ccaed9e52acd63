/** `Sforce-Query-Options: batchSize=500`. */
import { apiError } from '../errors.ts';

/** REST API Developer Guide, "Query Options Header". */
const DEFAULT_BATCH_SIZE = 2_000;
const MIN_BATCH_SIZE = 200;
const MAX_BATCH_SIZE = 2_000;

export const batchSize = (headers: Record<string, string>): number => {
  const header = headers['sforce-query-options'];
  if (!header) return DEFAULT_BATCH_SIZE;
  const size = Number(/batchSize\s*=\s*(\d+)/i.exec(header)?.[1] ?? DEFAULT_BATCH_SIZE);
  if (size >= MIN_BATCH_SIZE && size <= MAX_BATCH_SIZE) return size;
  throw apiError(
    'INVALID_QUERY_OPTIONS',
    `Sforce-Query-Options: batchSize must be between ${MIN_BATCH_SIZE} and ${MAX_BATCH_SIZE}, found ${size}`,
  );
};
