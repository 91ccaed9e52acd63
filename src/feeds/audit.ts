/**
 * The rolling audit: each run reads another part of the feed's records in Salesforce, in the order of their ids, and compares them
 * with what the feed holds. It finds what the fence cannot: edits under the feed's own user, deletions that were purged,
 * records that left the feed. What it finds is drift, and told or repaired like all drift.
 */
import { auditState, countHeld, noteAudit, type AuditState } from './db/audit.ts';
import { observeNotMet } from './db/rows.ts';
import { observePage, PAGE, type Observed } from './observe.ts';
import type { AuditPolicy } from './types.ts';

const DAY = 24 * 3_600_000;

/** Pages that are due since the last part was read, so that a round takes as long as the policy says; at most its budget. */
const pagesDue = (
  held: number,
  since: Date | null,
  now: number,
  { everyDays, maxCalls }: AuditPolicy,
  size: number,
): number => {
  const share = since === null ? 1 : Math.min(1, (now - since.getTime()) / (everyDays * DAY));
  return Math.min(maxCalls, Math.max(1, Math.ceil((held * share) / size)));
};

/**
 * Reads the next part: a call for each page of 2,000 records, at most `maxCalls`. Rejects as `observeChanges`.
 */
export const auditPart = async (observed: Observed, policy: AuditPolicy): Promise<void> => {
  const { db, run, now, pageSize = PAGE } = observed;
  let state = await auditState(db, run);
  const pages = pagesDue(await countHeld(db, run), state.read_at, now, policy, pageSize);
  for (let read = 0; read < pages; read++) {
    const from = state.position;
    const last = await observePage(observed, '', from);
    const begun = state.round_started_at ?? new Date(now);
    const readAt = new Date(now);
    const next: AuditState =
      last === null
        ? { position: '', round_started_at: null, vouched_since: begun, read_at: readAt }
        : { ...state, position: last, round_started_at: begun, read_at: readAt };
    await db.transaction(async (tx) => {
      await observeNotMet(tx, run, { from, to: last });
      await noteAudit(tx, run, next);
    });
    state = next;
    if (last === null) return;
  }
};

/** Notes that all records were read just now: without a fence a run reads them in any case. */
export const noteWhole = async ({ db, run, now }: Observed): Promise<void> => {
  const at = new Date(now);
  await noteAudit(db, run, { position: '', round_started_at: null, vouched_since: at, read_at: at });
};
