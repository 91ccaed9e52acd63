import type { AcknowledgeMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { fallBehind } from '../db/records.ts';
import { currentMessage, wantedMessage, type CaseRecord } from '../records.ts';
import { storeRevision } from '../store-revision.ts';

/** The code of an acknowledgement that says: no Case has this key. */
const NO_CASE = 'NOT_FOUND';

export const isWithoutCase = ({ success, errorCode }: AcknowledgeMessage): boolean => !success && errorCode === NO_CASE;

/** The record stands behind what was seen. It asks for the Case's state once; the pollers ask again until it has come. */
export const askForState = async (
  context: Context,
  tx: Queryable,
  record: CaseRecord,
  { seenRevision, seenMark = null }: { seenRevision: number; seenMark?: string | null },
): Promise<void> => {
  const asksFirst = record.seen_revision === null;
  const nextAt = asksFirst ? afterGrace(context, 0) : (record.sync_next_at ?? afterGrace(context, 0));
  await fallBehind(tx, { key: record.key, seenRevision, seenMark, nextAt });
  if (asksFirst) await emit(context, tx, wantedMessage({ ...record, seen_revision: seenRevision }));
};

/** Salesforce took or knows a record that is not known here at all: its state makes it again. */
export const wantUnknown = async (
  context: Context,
  tx: Queryable,
  message: { key: string; externalId: string; errorCode?: string; seenRevision?: number | null },
): Promise<void> => {
  const { key, externalId, seenRevision } = message;
  if (seenRevision == null || !externalId || message.errorCode === NO_CASE) return;
  await emit(context, tx, { kind: 'requestWanted', key, externalId, revision: null, seenRevision });
};

/** No Case is left that could tell what was lost: the record as it stands is the newest there is, above what was seen. */
export const riseAlone = async (context: Context, tx: Queryable, record: CaseRecord): Promise<void> => {
  const stored = await storeRevision(context, tx, record, { values: record.values, isLevel: true });
  await emit(context, tx, currentMessage(stored));
};
