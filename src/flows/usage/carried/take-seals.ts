/** Takes the seals that contracts got when they were fulfilled: audited, and told to the service application. */
import { randomUuid } from 'kernel/random.ts';
import { insertAudit, type AuditRow } from '../../../middle-layer/db/audit.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { forkedSeals, insertSeals } from './db/seals.ts';
import { keyOfContract, toService } from './drafts.ts';
import { taking, type Take } from './pending-source.ts';
import type { SealRow, UsageSalesforce } from './salesforce.ts';

const auditOf = ({ contractNumber, entries, units, amount, digest }: SealRow, outcome: string): AuditRow => ({
  target: 'salesforce',
  message_id: null,
  key: keyOfContract(contractNumber),
  kind: 'seal',
  outcome,
  code: `entries=${entries} units=${units} amount=${amount} digest=${digest}`,
});

/** Whoever looks for why no invoice is made finds it here: nobody can say which of two seals is right. */
const noteFork = (context: FlowContext, contractNumber: string): void =>
  context.notices.note(`fork of the seal of contract ${contractNumber}`, {
    what: `the seal of contract ${contractNumber} in Salesforce is another than the one that was taken before`,
    remedy: `look at /invoices/${contractNumber} of the application: one side was put back to an earlier state, or its seal was changed`,
    at: context.clock.now(),
  });

/**
 * Keeps seals with their audit entries and queues them for the application, in one transaction. What is known already is
 * told once more where it was asked for, and is never replaced.
 */
const keep = (context: FlowContext, seals: readonly SealRow[]): Promise<number> =>
  context.db.transaction(async (tx) => {
    const now = new Date(context.clock.now());
    await lockKeys(
      tx,
      context.flow,
      seals.map(({ contractNumber }) => keyOfContract(contractNumber)),
    );
    const made = await insertSeals(tx, seals, now);
    const forked = new Set(await forkedSeals(tx, seals));
    const isFresh = ({ contractNumber }: SealRow): boolean => made.has(contractNumber);
    const told = seals.filter((seal) => isFresh(seal) || seal.again);
    const outcomeOf = (seal: SealRow): string =>
      isFresh(seal) ? 'SEALED' : forked.has(seal.contractNumber) ? 'SEAL_FORKED' : 'SEALED_AGAIN';
    const audited = seals.filter((seal) => told.includes(seal) || forked.has(seal.contractNumber));
    await insertAudit(
      tx,
      context,
      audited.map((seal) => auditOf(seal, outcomeOf(seal))),
      now,
    );
    for (const contractNumber of forked) noteFork(context, contractNumber);
    const drafts = told.map(({ sealId: _seal, contractId: _contract, ...seal }) =>
      toService({ kind: 'seal', id: randomUuid(context.random), ...seal }),
    );
    await enqueue(context, tx, drafts);
    return drafts.length;
  });

export const takeSeals = (context: FlowContext, salesforce: UsageSalesforce): Take =>
  taking<SealRow>({
    read: (waiting) => waiting.seals(),
    keep: (seals) => keep(context, seals),
    taken: (seals) => salesforce.sealsTaken(seals.map(({ sealId }) => sealId)),
  });
