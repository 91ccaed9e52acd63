import type { Named } from '../../../../middle-layer/db/messages.ts';
import type { RecordMessage } from '../../../../shared/case-messages.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';

/** The newest record message that is still stored for a key, whatever became of it. */
export const newestRecord = async (tx: Queryable, key: string): Promise<RecordMessage | null> => {
  const [row] = await tx.query<{ payload: RecordMessage }>(
    "SELECT payload FROM message WHERE flow = 'cases' AND key = $1 AND kind = 'record' ORDER BY ordinal DESC, seq DESC LIMIT 1",
    [key],
  );
  return row?.payload ?? null;
};

/** Takes dead requests off the list whose version an answer includes; returns them. */
export const supersedeAnsweredRequests = (
  tx: Queryable,
  answers: readonly { key: string; version: number }[],
  now: Date,
): Promise<(Named & { seq: number })[]> =>
  tx.query(
    `UPDATE message m SET state = 'superseded', settled_at = $2 FROM jsonb_to_recordset($1::jsonb) AS a(key text, version integer)
     WHERE m.flow = 'cases' AND m.key = a.key AND m.kind = 'request' AND m.state = 'dead' AND m.version <= a.version
     RETURNING m.seq, m.id, m.target, m.kind, m.key, m.version, m.attempt, m.revision`,
    [JSON.stringify(answers), now],
  );
