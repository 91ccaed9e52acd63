import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, type Answer, type Context } from '../context.ts';
import { markRetriggered } from '../db/records.ts';
import { currentMessage, type CaseRecord } from '../records.ts';

/**
 * Salesforce sent a message about a Case whose record is deleted here. So the Case lives: the deletion never reached
 * Salesforce, or reached it while there was no Case. The registry answers with the deletion, and triggers it until it is
 * acknowledged.
 */
export const tellDeletedAgain = async (context: Context, tx: Queryable, record: CaseRecord): Promise<Answer[]> => {
  await markRetriggered(tx, record.key, afterGrace(context, record.sync_attempts + 1));
  return [currentMessage(record)];
};
