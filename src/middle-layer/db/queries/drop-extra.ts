import type { Queryable } from '../../../shared/sql/types.ts';

/** Drops from delivered requests the fields that Salesforce never stores. */
export const dropExtra = (tx: Queryable, keys: readonly string[]): Promise<unknown> =>
  tx.query(
    "UPDATE message SET payload = payload - 'extra' WHERE key = ANY($1) AND kind = 'request' AND state IN ('done', 'superseded') AND payload ? 'extra'",
    [keys],
  );
