/** Begins, commits and rolls back: the frame around every entry into Apex. */
import { chargingTo } from '../values/index.ts';
import { appendEvents, appendStagedEvents } from './events/staged-events.ts';
import type { OrgContext } from './org-context.ts';
import { RuntimeCore } from './runtime.ts';
import { STACK_TRACE_LIMIT } from './stack.ts';
import { ApexTransaction, type TransactionStart } from './transaction.ts';

/**
 * Runs `body` in a transaction of its own: commits when it returns, with the events it published and the
 * jobs it enqueued; rolls everything back when it throws, and throws on. Events published immediately
 * leave either way.
 */
export const runTransaction = <T>(org: OrgContext, start: TransactionStart, body: (core: RuntimeCore) => T): T => {
  const storeTransaction = org.store.begin();
  const transaction = new ApexTransaction(org, storeTransaction, start);
  let result: T;
  try {
    result = chargingTo(accountOf(transaction), () => withDeepStacks(() => body(new RuntimeCore(transaction))));
    appendStagedEvents(transaction);
    storeTransaction.commit();
  } catch (error) {
    storeTransaction.rollback();
    for (const other of transaction.others) other.ended(false);
    publishImmediate(transaction);
    throw error;
  }
  for (const other of transaction.others) other.ended(true);
  publishImmediate(transaction);
  return result;
};

/** Charges what values do to the limits of the unit that runs. */
export const accountOf = (transaction: ApexTransaction): Parameters<typeof chargingTo>[0] => ({
  spend: (steps) => transaction.unit.governor.spend(steps),
  checkHeap: (values) => transaction.heap.check(values),
});

const publishImmediate = ({ org, immediateEvents }: ApexTransaction): void => {
  if (immediateEvents.length === 0) return;
  const storeTransaction = org.store.begin();
  appendEvents(org, immediateEvents);
  storeTransaction.commit();
};

/** Apex stack traces need more frames than JavaScript keeps by default. */
export const withDeepStacks = <T>(work: () => T): T => {
  const outer = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_TRACE_LIMIT;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = outer;
  }
};
