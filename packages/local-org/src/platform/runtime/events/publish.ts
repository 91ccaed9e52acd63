/** Publishing platform events. The store checks and normalises them; here they get their identity and their time to leave. */
import { randomUuid } from 'kernel/random.ts';
import type { ObjectSchema, Row } from '../../../store/types.ts';
import type { AccessMode, DmlOutcome } from '../../services.ts';
import { apexException, type SObject } from '../../values/index.ts';
import { objectOf, saveRecords } from '../dml.ts';
import type { ApexRuntime } from '../runtime.ts';
import type { ApexTransaction } from '../transaction.ts';
import { stageEvent } from './staged-events.ts';

/** EventBus.publish: counts as one statement of each kind its events have. */
export const publishEvents = (
  $: ApexRuntime,
  events: SObject[],
  callback: unknown,
  access: AccessMode,
): DmlOutcome[] => {
  if (callback !== null && callback !== undefined) {
    throw apexException(
      'UnsupportedOperationException',
      'EventBus.publish with a callback is not supported by the local org',
    );
  }
  if (events.length === 0) return [];
  const objects = events.map((event) => objectOf($, event));
  const other = objects.find((object) => object.kind !== 'platformEvent');
  if (other) throw apexException('TypeException', `EventBus.publish takes platform events; ${other.name} is none`);
  const { governor } = $.transaction.unit;
  if (objects.some(isImmediate)) governor.count('PublishImmediateDml');
  if (!objects.every(isImmediate)) governor.count('DmlStatements');
  return saveRecords($, { operation: 'insert', records: events, allOrNone: false, access }, objects);
};

const isImmediate = (object: ObjectSchema): boolean => object.publishBehavior === 'PublishImmediately';

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
