import type { Queryable } from '../../../shared/sql/types.ts';

/** Takes dead requests off the list whose version an answer includes; returns their seqs. */
export const supersedeAnsweredRequests = async (
  tx: Queryable,
  answers: readonly { key: string; version: number }[],
  now: Date,
): Promise<number[]> => {
  const rows = await tx.query<{ seq: number }>(
    `UPDATE message m SET state = 'superseded', settled_at = $2 FROM jsonb_to_recordset($1::jsonb) AS a(key text, version integer)
     WHERE m.key = a.key AND m.kind = 'request' AND m.state = 'dead' AND m.version <= a.version RETURNING m.seq`,
    [JSON.stringify(answers), now],
  );
  return rows.map(({ seq }) => seq);
};
