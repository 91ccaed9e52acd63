/** Takes the seals that contracts got when they were fulfilled: audited, and told to the service application. */
import { randomUuid } from 'kernel/random.ts';
import { BatchRefused, TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import type { Source } from '../../../middle-layer/flow.ts';
import { describeError } from '../../../middle-layer/log.ts';
import { Circuit } from '../../../middle-layer/queue/circuit.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { insertSeals } from './db/seals.ts';
import { keyOfContract, toService } from './drafts.ts';
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

/**
 * Looks for seals at the poll interval. Salesforce forgets that they are pending once they are kept here, so what is lost on
 * the way is taken again; workers on one database may do it at once.
 */
export const sealSource = (context: FlowContext, salesforce: UsageSalesforce, onQueued: () => void): Source => {
  const { clock, settings, db, log, budget } = context;
  const circuit = new Circuit(settings.outage, context.random);
  let next = -Infinity;
  /** When `next` was set. A time of the future was set by a clock that was ahead: then a look is due. */
  let setAt = -Infinity;
  let amid = false;

  const restUntil = (time: number): void => {
    setAt = clock.now();
    next = time;
  };

  const dueAt = (): number => (setAt > clock.now() ? -Infinity : next);

  const look = async (): Promise<void> => {
    const seals = await salesforce.pendingSeals();
    amid = seals.length > 0;
    if (seals.length === 0) return;
    const queued = await keep(context, seals);
    if (queued > 0) onQueued();
    await salesforce.sealsTaken(seals.map(({ sealId }) => sealId));
  };

  const pass = async (): Promise<boolean> => {
    const now = clock.now();
    if (now < dueAt() || circuit.allowance(now) === 0) return false;
    const spent = await budget.read();
    if (spent?.isSpent) {
      restUntil(spent.turnsAt.getTime());
      return false;
    }
    try {
      await look();
      circuit.succeed();
    } catch (error) {
      amid = false;
      if (!(error instanceof TargetUnavailable) && !(error instanceof BatchRefused)) throw error;
      circuit.fail(clock.now(), error.code, error instanceof TargetUnavailable ? error.retryAfterMs : undefined);
      log('warn', 'seals not taken', { code: error.code, ...describeError(error) });
    } finally {
      await budget.count(db, salesforce.takeCallCount());
    }
    restUntil(amid ? clock.now() : clock.now() + settings.pollIntervalMs);
    return true;
  };

  return {
    name: 'seals',
    circuit,
    pass,
    isAmid: () => amid,
    nextAt: async () => Math.max(dueAt(), circuit.opensAt(clock.now()) ?? -Infinity),
    wake: async () => {
      next = -Infinity;
    },
    release: async () => {},
  };
};
