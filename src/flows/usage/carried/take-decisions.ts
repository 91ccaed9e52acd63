/** Takes what people decided in Salesforce on exceptions: audited, and told to the service application. */
import { randomUuid } from 'kernel/random.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { toService } from './drafts.ts';
import { taking, type Take } from './pending-source.ts';
import type { DecisionRow, UsageSalesforce } from './salesforce.ts';

/** The uses of a version of an ad are decided on together: one says it for all. */
const onePerVersion = (rows: readonly DecisionRow[]): DecisionRow[] => [
  ...new Map(rows.map((row) => [`${row.adId}@${row.version}`, row])).values(),
];

const keep = (context: FlowContext, rows: readonly DecisionRow[]): Promise<number> =>
  context.db.transaction(async (tx) => {
    const decisions = onePerVersion(rows);
    const now = new Date(context.clock.now());
    await lockKeys(
      tx,
      context.flow,
      decisions.map(({ adId }) => adId),
    );
    await insertAudit(
      tx,
      context,
      decisions.map(({ adId, version, decision }) => ({
        target: 'salesforce',
        message_id: null,
        key: adId,
        kind: 'decision',
        version,
        outcome: 'DECIDED',
        code: decision,
      })),
      now,
    );
    const drafts = decisions.map(({ exceptionId: _exception, ...decided }) =>
      toService({ kind: 'decision', id: randomUuid(context.random), ...decided }),
    );
    await enqueue(context, tx, drafts);
    return drafts.length;
  });

/** What was told before is told again: the application knows a repeat. */
export const takeDecisions = (context: FlowContext, salesforce: UsageSalesforce): Take =>
  taking<DecisionRow>({
    read: (waiting) => waiting.decisions(),
    keep: (rows) => keep(context, rows),
    taken: (rows) => salesforce.decisionsTaken(rows.map(({ exceptionId }) => exceptionId)),
  });
