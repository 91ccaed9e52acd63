/** Runs platform event triggers on what was published. */
import type { PublishedEvent, Store, Schema } from '../../../store/types.ts';
import { ApexException, ApexDatetime, ApexList, SObject } from '../../values/index.ts';
import type { Execution } from '../async/execution.ts';
import { EVENT_TRIGGER_CHUNK, EVENT_TRIGGER_RETRIES, SYNCHRONOUS_LIMITS } from '../limits.ts';
import type { LoadedModule } from '../program.ts';
import { toApex } from '../records.ts';
import { NO_TRIGGER } from '../trigger-host.ts';
import { describeUncaught } from '../uncaught.ts';
import type { RuntimeView } from '../view.ts';
import { eventTriggers, putSubscription, type Subscription } from './subscriptions.ts';

/** Milliseconds before the first retry; each further one waits twice as long. */
const RETRY_DELAY_MS = 1_000;

/** When the subscription has something to do, or null. */
export const deliveryDue = (store: Store, subscription: Subscription): number | null => {
  if (subscription.suspended) return null;
  const [event] = store.events.after(subscription.object, subscription.position, 1);
  return event ? Math.max(event.createdAt, subscription.notBefore) : null;
};

/** Hands the next batch to the trigger, as the Automated Process user. Position and effects are one transaction. */
export const deliverBatch = (execution: Execution, subscription: Subscription): void => {
  const { store, program } = execution.org;
  const found = eventTriggers(store, program).find(({ trigger }) => trigger.module.name === subscription.trigger);
  if (!found) return;
  const events = store.events.after(subscription.object, subscription.position, EVENT_TRIGGER_CHUNK);
  const start = {
    userId: automatedProcessUser(store, execution.org.defaultUserId),
    quiddity: 'UD',
    limits: SYNCHRONOUS_LIMITS,
  } as const;
  const context = {
    retries: subscription.retries,
    lastError: subscription.lastError,
    resumeCheckpoint: null as string | null,
  };
  try {
    execution.run(start, ($: RuntimeView) => {
      $.transaction.unit.eventTrigger = context;
      runEventTrigger($, found.trigger, found.object.name, eventRecords(store.schema, events));
      putSubscription(store, settled(subscription, positionAfter(events, context.resumeCheckpoint)));
    });
  } catch (error) {
    const failure = describeUncaught(program, error);
    execution.run(start, () =>
      putSubscription(
        store,
        afterFailure(execution, subscription, events, context.resumeCheckpoint, error, failure.message),
      ),
    );
    execution.failed(error, `event trigger ${subscription.trigger}`);
  }
};

const settled = (subscription: Subscription, position: number): Subscription => ({
  ...subscription,
  position,
  retries: 0,
  lastError: null,
  notBefore: 0,
});

/** setResumeCheckpoint: the events after it come again. */
const positionAfter = (events: PublishedEvent[], checkpoint: string | null): number => {
  const last = events.at(-1)!.replayId;
  return checkpoint === null ? last : Math.min(Number(checkpoint), last);
};

const afterFailure = (
  { org }: Execution,
  subscription: Subscription,
  events: PublishedEvent[],
  checkpoint: string | null,
  error: unknown,
  message: string,
): Subscription => {
  const progressed = checkpoint === null ? subscription.position : Number(checkpoint);
  if (!(error instanceof ApexException && error.typeName() === 'EventBus.RetryableException')) {
    // Without a checkpoint, what an unexpected exception leaves undone is lost: the next batch follows.
    return settled(subscription, positionAfter(events, checkpoint));
  }
  const retries = subscription.retries + 1;
  const notBefore = org.clock.now() + RETRY_DELAY_MS * 2 ** subscription.retries;
  return {
    ...subscription,
    position: progressed,
    retries,
    lastError: message,
    notBefore,
    suspended: retries > EVENT_TRIGGER_RETRIES,
  };
};

/** Event triggers run as Automated Process. */
const automatedProcessUser = (store: Store, fallback: string): string => {
  const { rows } = store.query("SELECT Id FROM User WHERE UserType = 'AutomatedProcess' LIMIT 1", {
    access: { userId: fallback, mode: 'system', sharing: false },
  });
  return (rows[0]?.values.get('Id') as string | undefined) ?? fallback;
};

/** Published events as the records of Trigger.new. */
export const eventRecords = (schema: Schema, events: readonly PublishedEvent[]): SObject[] =>
  events.map((event) => {
    const object = schema.objects.get(event.object.toLowerCase());
    const record = new SObject(object?.name ?? event.object);
    for (const [name, value] of Object.entries(event.values)) {
      const field = object?.fields.get(name.toLowerCase());
      record.load(name, toApex(value, field?.type ?? 'anyType', field?.scale));
    }
    record.load('ReplayId', String(event.replayId));
    record.load('EventUuid', event.uuid);
    record.load('CreatedDate', new ApexDatetime(event.createdAt));
    record.load('CreatedById', event.createdById);
    record.readOnly = true;
    return record;
  });

/** Runs one event trigger, in system mode. */
export const runEventTrigger = ($: RuntimeView, trigger: LoadedModule, object: string, records: SObject[]): void => {
  const list = new ApexList(object, records);
  list.readOnly = true;
  const outer = $.trigger;
  $.trigger = {
    ...NO_TRIGGER,
    new: list,
    isAfter: true,
    isInsert: true,
    isExecuting: true,
    size: records.length,
    operationType: $.enumConstant('TriggerOperation', 'AFTER_INSERT'),
  };
  try {
    $.transaction.as($.transaction.userId, false, () => $.runTrigger(trigger));
  } finally {
    $.trigger = outer;
  }
};
