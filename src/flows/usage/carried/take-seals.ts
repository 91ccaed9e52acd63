/** Takes the seals that contracts got when they were fulfilled: audited, and told to the service application. */
import { randomUuid } from 'kernel/random.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { insertSeals } from './db/seals.ts';
import { keyOfContract, toService } from './drafts.ts';
import { taking, type Take } from './pending-source.ts';
import type { SealRow, UsageSalesforce } from './salesforce.ts';

/** Keeps seals with their audit entries and queues them for the application, in one transaction. What is known already changes nothing. */
const keep = (context: FlowContext, seals: readonly SealRow[]): Promise<number> =>
  context.db.transaction(async (tx) => {
    const now = new Date(context.clock.now());
    await lockKeys(
      tx,
      context.flow,
      seals.map(({ contractNumber }) => keyOfContract(contractNumber)),
    );
    const made = await insertSeals(tx, seals, now);
    const fresh = seals.filter(({ contractNumber }) => made.has(contractNumber));
    await insertAudit(
      tx,
      context,
      fresh.map(({ contractNumber, entries, units, amount, digest }) => ({
        target: 'salesforce',
        message_id: null,
        key: keyOfContract(contractNumber),
        kind: 'seal',
        outcome: 'SEALED',
        code: `entries=${entries} units=${units} amount=${amount} digest=${digest}`,
      })),
      now,
    );
    const drafts = fresh.map(({ sealId: _seal, contractId: _contract, ...seal }) =>
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
