import type { AcknowledgeMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { emit, type Context } from '../context.ts';
import { nextNumber, skipNumbers } from '../db/case-numbers.ts';
import { recordMessage, type CaseRecord } from '../records.ts';
import { storeRevision } from '../store-revision.ts';

const DUPLICATE = 'DUPLICATE_VALUE';
const NUMBER_FIELD = 'External_Id__c';

/** Salesforce holds the record's number on the Case of another record: under it, this one can never be stored. */
export const isNumberTaken = (record: CaseRecord, message: AcknowledgeMessage): boolean =>
  !message.success &&
  message.errorCode === DUPLICATE &&
  (message.message ?? '').includes(NUMBER_FIELD) &&
  message.externalId === record.external_id &&
  message.revision === record.revision;

/** Gives the record a number that was never given out, and sends it again: its sequence was restored to an earlier state. */
export const renumber = async (context: Context, tx: Queryable, record: CaseRecord): Promise<void> => {
  await skipNumbers(tx);
  const stored = await storeRevision(context, tx, record, {
    values: record.values,
    externalId: await nextNumber(tx),
  });
  await emit(context, tx, recordMessage(stored));
};
