/** Publishing platform events. The store checks and normalises them; staged-events.ts gives them their identity and their time to leave. */
import type { AccessMode, DmlOutcome } from '../../services.ts';
import { apexException, type SObject } from '../../values/index.ts';
import { objectOf, saveRecords } from '../dml.ts';
import type { RuntimeView } from '../view.ts';
import { isImmediate } from './staged-events.ts';

/** EventBus.publish: counts as one statement of each kind its events have. */
export const publishEvents = (
  $: RuntimeView,
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
