import type { RecordMessage } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

/** The newest record message that is still stored for a key, whatever became of it. */
export const newestRecord = async (tx: Queryable, key: string): Promise<RecordMessage | null> => {
  const [row] = await tx.query<{ payload: RecordMessage }>(
    "SELECT payload FROM message WHERE key = $1 AND kind = 'record' ORDER BY ordinal DESC, seq DESC LIMIT 1",
    [key],
  );
  return row?.payload ?? null;
};
