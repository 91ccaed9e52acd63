import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { markRetriggered } from '../db/queries/unsettled-records.ts';
import { currentMessage, type CaseRecord } from '../records.ts';

/**
 * Salesforce speaks of a Case whose record was deleted here: its Case lives, so it was not told, or was told while
 * there was no Case (created, restored since). It is told again, and triggered again until it acknowledges.
 */
export const tellDeletedAgain = async (context: Context, tx: Queryable, record: CaseRecord): Promise<void> => {
  await markRetriggered(tx, record.key, afterGrace(context, record.sync_attempts + 1));
  await emit(context, tx, currentMessage(record));
};
