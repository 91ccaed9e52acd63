/** A source of records that wait in Salesforce until the middle layer has taken them: `Pending__c`. */
import { BatchRefused, TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import type { Source } from '../../../middle-layer/flow.ts';
import { describeError } from '../../../middle-layer/log.ts';
import { Circuit } from '../../../middle-layer/queue/circuit.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import type { UsageSalesforce } from './salesforce.ts';

/** What people of Salesforce or its triggers have left to be taken. */
export interface Pending<T> {
  /** In the plural, as it is named on `/ready` and in the log. */
  name: string;
  /** Some of what waits; empty: nothing does. */
  read: () => Promise<T[]>;
  /** Keeps what is new and queues what follows, in one transaction; says of how much. */
  keep: (found: readonly T[]) => Promise<number>;
  /** Tells Salesforce that these were taken. */
  taken: (found: readonly T[]) => Promise<void>;
}

/**
 * Looks for what is pending at the poll interval. Salesforce forgets that it is once it is kept here, so what is lost on
 * the way is taken again; workers on one database may do it at once.
 */
export const pendingSource = <T>(
  context: FlowContext,
  salesforce: UsageSalesforce,
  pending: Pending<T>,
  onQueued: () => void,
): Source => {
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
    const found = await pending.read();
    amid = found.length > 0;
    if (!amid) return;
    if ((await pending.keep(found)) > 0) onQueued();
    await pending.taken(found);
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
      log('warn', `${pending.name} not taken`, { code: error.code, ...describeError(error) });
    } finally {
      await budget.count(db, salesforce.takeCallCount());
    }
    restUntil(amid ? clock.now() : clock.now() + settings.pollIntervalMs);
    return true;
  };

  return {
    name: pending.name,
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
