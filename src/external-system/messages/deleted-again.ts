import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { markRetriggered } from '../db/records.ts';
import { currentMessage, type CaseRecord } from '../records.ts';

/**
 * Salesforce sent a message about a Case whose record is deleted here. So the Case lives: the deletion never reached
 * Salesforce, or reached it while there was no Case. The registry sends the deletion again, until it is acknowledged.
 */
export const tellDeletedAgain = async (context: Context, tx: Queryable, record: CaseRecord): Promise<void> => {
  await markRetriggered(tx, record.key, afterGrace(context, record.sync_attempts + 1));
  await emit(context, tx, currentMessage(record));
};
