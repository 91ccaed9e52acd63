import type { Queryable } from '../../shared/sql/types.ts';
import { type AuditRow, insertAudit } from '../db/audit.ts';
import { type Named, type Rival, insertMessages, lockRivals, promoteHeads, supersedeMessages } from '../db/messages.ts';
import { resolveDeadLetters } from '../db/dead-letters.ts';
import type { Draft, FlowContext } from '../types.ts';

/** How far a message that goes on with an exchange is put before those that begin one: a bounded time, so that neither starves. */
const HEAD_START_MS = 24 * 60 * 60_000;

const competes = (a: { target: string; kind: string; key: string }, b: typeof a): boolean =>
  a.key === b.key && a.kind === b.kind && a.target === b.target;

/** What the audit says of a message: what became of it. */
export const auditRowOf = (message: Named, outcome: string): AuditRow => ({
  target: message.target,
  message_id: message.id,
  key: message.key,
  kind: message.kind,
  version: message.version,
  attempt: message.attempt,
  revision: message.revision,
  outcome,
});

/**
 * Queues drafts within the caller's transaction, which holds the lock of their keys. A draft supersedes
 * queued and dead messages of its kind that are not newer; one that comes too late is superseded at once.
 * A repeat of the same ordinal inherits the attempts already used, so that triggering again never makes
 * the attempts unbounded.
 */
export const enqueue = async (context: FlowContext, tx: Queryable, drafts: readonly Draft[]): Promise<void> => {
  if (drafts.length === 0) return;
  const now = context.clock.now();
  const { flow } = context;
  const keys = [...new Set(drafts.map((draft) => draft.key))];
  const rivals = await lockRivals(tx, flow, keys);
  const byKey = Map.groupBy(rivals, (rival) => rival.key);
  // a set: two drafts of one batch may both supersede one message, which the audit tells once
  const superseded = new Set<Rival>();
  const late: Draft[] = [];
  const queued: (Draft & { attempts: number; dueAt: Date; turnAt: Date })[] = [];
  for (const draft of drafts) {
    let attempts = 0;
    if (draft.ordinal !== null) {
      const against = (byKey.get(draft.key) ?? []).filter((rival) => competes(rival, draft));
      const among = queued.filter((other) => competes(other, draft));
      if ([...against, ...among].some((other) => other.ordinal! > draft.ordinal!)) {
        late.push(draft);
        continue;
      }
      for (const other of among) {
        queued.splice(queued.indexOf(other), 1);
        late.push(other);
      }
      for (const rival of against.filter(({ state }) => state !== 'sending')) {
        superseded.add(rival);
        if (rival.ordinal === draft.ordinal) attempts = Math.min(rival.attempts, context.settings.maxAttempts - 1);
      }
    }
    const turnAt = new Date(draft.begins ? now : now - HEAD_START_MS);
    queued.push({ ...draft, attempts, dueAt: new Date(now), turnAt });
  }
  const at = new Date(now);
  const seqs = [...superseded].map((rival) => rival.seq);
  if (seqs.length) {
    await supersedeMessages(tx, seqs, at);
    await resolveDeadLetters(tx, seqs, 'superseded', at);
  }
  await insertMessages(tx, flow, queued, at);
  await promoteHeads(tx, flow, keys);
  const rows = [
    ...[...superseded, ...late].map((message) => auditRowOf(message, 'SUPERSEDED')),
    ...queued.map((message) => auditRowOf(message, 'QUEUED')),
  ];
  await insertAudit(tx, context, rows, at);
};
