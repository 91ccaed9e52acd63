import type { Queryable } from '../../../shared/sql/types.ts';

/** Makes a row for each key that has none. Keys are inserted in order, so that two workers cannot wait for each other. */
export const ensureCaseStates = (tx: Queryable, keys: readonly string[]): Promise<unknown> =>
  tx.query(
    'INSERT INTO case_state (key) SELECT key FROM unnest($1::text[]) AS key ORDER BY key ON CONFLICT (key) DO NOTHING',
    [keys],
  );
