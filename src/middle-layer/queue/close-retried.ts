import type { Queryable } from '../../shared/sql/types.ts';
import { insertAudit } from '../db/audit.ts';
import { resolveDeadLetters, type DeadLetter } from '../db/dead-letters.ts';
import { supersedeMessages } from '../db/messages.ts';
import type { Draft, FlowContext } from '../types.ts';

/** Closes a dead letter in whose place `draft` is sent: the caller holds the lock of its key, and queues the draft. */
export const closeRetried = async (
  context: FlowContext,
  tx: Queryable,
  letter: DeadLetter,
  draft: Pick<Draft, 'id'>,
): Promise<void> => {
  const now = new Date(context.clock.now());
  await supersedeMessages(tx, [letter.messageSeq], now);
  await resolveDeadLetters(tx, [letter.messageSeq], 'retried', now);
  const { target, kind, key, version, attempt, revision, code } = letter;
  const row = { target, message_id: draft.id, kind, key, version, attempt, revision, outcome: 'RETRIED', code };
  await insertAudit(tx, context, [row], now);
};
