import type { Database } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { lockUnsettledRecords, markRetriggered } from '../db/records.ts';
import { currentMessage } from '../records.ts';

const BATCH = 200;

/**
 * Triggers again what did not settle within its grace: a Salesforce Case id that is still null, an
 * update-sync-status that is `Failed`, or `In Progress` because the acknowledgement got lost. Same key, same
 * revision: it never makes a second Case. A deletion is triggered again in the same way, and a record that stands
 * behind what was seen asks again for Salesforce's state. Returns how many were triggered.
 */
export const retriggerUnsettled = (context: Context, db: Database): Promise<number> =>
  db.transaction(async (tx) => {
    const now = context.clock.now();
    const records = await lockUnsettledRecords(tx, new Date(now), new Date(now + context.settings.maxGraceMs), BATCH);
    for (const record of records) {
      await markRetriggered(tx, record.key, afterGrace(context, record.sync_attempts + 1));
      await emit(context, tx, currentMessage(record, true));
    }
    return records.length;
  });
