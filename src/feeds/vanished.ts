/** Rows that are no longer in the view: told, and by policy marked in Salesforce. Nothing is deleted. */
import { RECORDS_A_CALL, savedIn } from './collections.ts';
import { noteDeactivated, vanishedRows } from './db/rows.ts';
import { patiently, type Writing } from './writing.ts';

/** Sets the policy's fields on records whose rows vanished since; how many were set. One call for each 200. */
export const deactivateVanished = async (writing: Writing): Promise<number> => {
  const { feed, db, run, client } = writing;
  const { vanished } = feed.policy;
  if (vanished === null) return 0;
  let count = 0;
  for (let after = ''; ;) {
    const rows = await vanishedRows(db, run, { after, limit: RECORDS_A_CALL, onlyActive: true });
    if (rows.length === 0) return count;
    after = rows.at(-1)!.row_key;
    const results = await patiently(writing, async () => {
      const answer = await client.change<unknown>('PATCH', '/composite/sobjects', {
        allOrNone: false,
        records: rows.map(({ salesforce_id: id }) => ({ attributes: { type: feed.object }, id, ...vanished.set })),
      });
      return savedIn(answer, rows.length);
    });
    const done = rows.filter((_, at) => results[at]!.success).map(({ row_key: key }) => key);
    if (done.length > 0) await noteDeactivated(db, run, done);
    count += done.length;
    await writing.onWritten();
  }
};
