import {
  LINEAGE_LENGTH,
  type ExternalDeletionMessage,
  type FromExternal,
  type RecordMessage,
} from '../../../shared/case-messages.ts';
import type { CaseState } from './db/case-states.ts';

/** The newest external revision of a key, and its mark as far as it is known. */
export interface Newest {
  revision: number;
  revision_mark: string | null;
}

type Revised = RecordMessage | ExternalDeletionMessage;

export interface Judged {
  newest: Map<string, Newest>;
  /** Records that say nothing new, or come from another history than the one that is known. */
  late: Set<FromExternal>;
  /** Of these, the ones that did not just lose to another of the same batch. */
  outdated: RecordMessage[];
}

export const isRevised = (message: FromExternal): message is Revised =>
  message.kind === 'record' || message.kind === 'deleted';

/** Whether the marks of a record reach back to that revision: each has one, or two when it brought a lost one back. */
const reachesBack = ({ lineage = [], revision }: RecordMessage, to: number): boolean =>
  lineage.length > 0 && (lineage.length < LINEAGE_LENGTH || 2 * (revision - to) <= LINEAGE_LENGTH);

/**
 * A record whose history does not have the revision that was seen, although it has reached or passed its number: the
 * external system was restored, and has given the same numbers again.
 */
const isOfAnotherHistory = (record: RecordMessage, { revision, revision_mark: mark }: Newest): boolean =>
  mark !== null && reachesBack(record, revision) && !record.lineage!.includes(mark);

const isOld = (message: Revised, known: Newest): boolean =>
  message.kind === 'record' && (message.revision < known.revision || isOfAnotherHistory(message, known));

/**
 * Which of the messages bring the newest revision of their key, received before or among them: they may come in any
 * order. The same revision again is a re-trigger and goes out; an older one says nothing new, above all when the newer
 * one says that the record is deleted.
 */
export const judgeRevisions = (messages: readonly FromExternal[], states: Map<string, CaseState>): Judged => {
  const newest = new Map<string, Newest>(
    [...states].map(([key, { revision, revision_mark }]) => [key, { revision, revision_mark }]),
  );
  const outdated: RecordMessage[] = [];
  const rising = messages.filter(isRevised).sort((a, b) => a.revision - b.revision);
  for (const message of rising) {
    const known = newest.get(message.key)!;
    if (isOld(message, known)) outdated.push(message as RecordMessage);
    else newest.set(message.key, next(message, known));
  }
  const late = new Set<FromExternal>(outdated);
  for (const message of rising)
    if (message.kind === 'record' && message.revision < newest.get(message.key)!.revision) late.add(message);
  return { newest, late, outdated };
};

const next = (message: Revised, known: Newest): Newest => ({
  revision: Math.max(message.revision, known.revision),
  revision_mark: (message.kind === 'record' ? message.lineage?.[0] : undefined) ?? known.revision_mark,
});
