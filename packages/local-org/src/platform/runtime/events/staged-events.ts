/**
 * Events that wait for the commit are kept in the store's own state, so that whatever rolls records back
 * (a savepoint, a failed save, the partial retry of allOrNone=false) takes their events back too.
 */
import { EVENT_RETENTION_MS } from '../limits.ts';
import type { OrgContext } from '../org-context.ts';
import type { ApexTransaction, NewEvent } from '../transaction.ts';

const KIND = 'staged-event';
const KEY_DIGITS = 12;

export const stageEvent = (transaction: ApexTransaction, event: NewEvent): void => {
  const key = String(transaction.nextSequence()).padStart(KEY_DIGITS, '0');
  transaction.store.state.put(KIND, key, JSON.stringify(event));
};

/** Takes the staged events out, in the order they were published. */
export const takeStagedEvents = (transaction: ApexTransaction): NewEvent[] => {
  if (!transaction.hasStaged) return [];
  const { state } = transaction.store;
  const staged = state.list(KIND);
  for (const { key } of staged) state.delete(KIND, key);
  return staged.map(({ value }) => JSON.parse(value) as NewEvent);
};

/** Appends the staged events to the event log, in the transaction that is about to commit. */
export const appendStagedEvents = (transaction: ApexTransaction): void =>
  appendEvents(transaction.org, takeStagedEvents(transaction));

/** Appends events, but for those that an injected fault loses, and drops those that are older than events are kept. */
export const appendEvents = ({ store, clock, faults }: OrgContext, events: NewEvent[]): void => {
  if (events.length === 0) return;
  store.events.expire(clock.now() - EVENT_RETENTION_MS);
  store.events.append(events.filter(({ object }) => !faults.losesEvent(object)));
};
