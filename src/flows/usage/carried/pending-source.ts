/** The source of records that wait in Salesforce until the middle layer has taken them: `Pending__c`. */
import { BatchRefused, TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import type { Source } from '../../../middle-layer/flow.ts';
import { describeError } from '../../../middle-layer/log.ts';
import { Circuit } from '../../../middle-layer/queue/circuit.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import type { UsageSalesforce, Waiting } from './salesforce.ts';

/** A kind of what people of Salesforce or its triggers have left to be taken. */
export interface Pending<T> {
  /** Some of what waits; empty: nothing does. */
  read: (waiting: Waiting) => Promise<T[]>;
  /** Keeps what is new and queues what follows, in one transaction; says of how much. */
  keep: (found: readonly T[]) => Promise<number>;
  /** Tells Salesforce that these were taken. */
  taken: (found: readonly T[]) => Promise<void>;
}

/** Takes a kind; answers whether there was any, so that there may be more. */
export type Take = (waiting: Waiting, onQueued: () => void) => Promise<boolean>;

export const taking =
  <T>(pending: Pending<T>): Take =>
  async (waiting, onQueued) => {
    const found = await pending.read(waiting);
    if (found.length === 0) return false;
    if ((await pending.keep(found)) > 0) onQueued();
    await pending.taken(found);
    return true;
  };

const isForeseen = (error: unknown): error is TargetUnavailable | BatchRefused =>
  error instanceof TargetUnavailable || error instanceof BatchRefused;

/**
 * Looks for what is pending at the poll interval, in one call for all kinds. Salesforce forgets that it is once it is kept
 * here, so what is lost on the way is taken again; workers on one database may do it at once. A kind that fails keeps no
 * other from being taken.
 */
export const pendingSource = (
  context: FlowContext,
  salesforce: UsageSalesforce,
  kinds: readonly Take[],
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
    amid = false;
    const waiting = await salesforce.waiting();
    const failed: (TargetUnavailable | BatchRefused)[] = [];
    let found = false;
    for (const take of kinds) {
      try {
        found = (await take(waiting, onQueued)) || found;
      } catch (error) {
        if (!isForeseen(error)) throw error;
        failed.push(error);
      }
    }
    const [first] = failed;
    if (first) throw first;
    amid = found;
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
      if (!isForeseen(error)) throw error;
      circuit.fail(clock.now(), error.code, error instanceof TargetUnavailable ? error.retryAfterMs : undefined);
      log('warn', 'not all that is pending was taken', { code: error.code, ...describeError(error) });
    } finally {
      await budget.count(db, salesforce.takeCallCount());
    }
    restUntil(amid ? clock.now() : clock.now() + settings.pollIntervalMs);
    return true;
  };

  return {
    name: 'pending',
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
