/**
 * Events that wait for the commit are kept in the store's own state, so that whatever rolls records back
 * (a savepoint, a failed save, the partial retry of allOrNone=false) takes their events back too.
 */
import { randomUuid } from 'kernel/random.ts';
import type { ObjectSchema, Row } from '../../../store/types.ts';
import { EVENT_RETENTION_MS } from '../limits.ts';
import type { OrgContext } from '../org-context.ts';
import type { ApexTransaction, NewEvent } from '../transaction.ts';

const KIND = 'staged-event';
const KEY_DIGITS = 12;

const stageEvent = (transaction: ApexTransaction, event: NewEvent): void => {
  const key = String(transaction.nextSequence()).padStart(KEY_DIGITS, '0');
  transaction.store.state.put(KIND, key, JSON.stringify(event));
};

/** Whether its events leave at once, whatever becomes of the transaction. */
export const isImmediate = (object: ObjectSchema): boolean => object.publishBehavior === 'PublishImmediately';

/** Sends an event that the store found fit: at once, or with the commit. */
export const stagePublished = (
  { transaction }: { transaction: ApexTransaction },
  object: ObjectSchema,
  row: Row,
): void => {
  const { org, userId } = transaction;
  const event = {
    object: object.name,
    createdAt: org.clock.now(),
    createdById: userId,
    uuid: randomUuid(org.random),
    values: Object.fromEntries(row.values),
  };
  if (isImmediate(object)) transaction.immediateEvents.push(event);
  else stageEvent(transaction, event);
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
