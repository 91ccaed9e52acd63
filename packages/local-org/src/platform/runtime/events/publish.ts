/** Publishing platform events. The store checks and normalises them; staged-events.ts gives them their identity and their time to leave. */
import type { ObjectSchema } from '../../../store/types.ts';
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
  const refused = refusals($, objects, access);
  const { governor } = $.transaction.unit;
  if (objects.some(isImmediate)) governor.count('PublishImmediateDml');
  if (!objects.every(isImmediate)) governor.count('DmlStatements');
  const admitted = events.filter((_, index) => refused[index] === null);
  const outcomes = saveRecords(
    $,
    { operation: 'insert', records: admitted, allOrNone: false, access },
    objects.filter((_, index) => refused[index] === null),
  );
  return refused.map((refusal) => refusal ?? outcomes.shift()!);
};

/** In user mode whoever publishes needs Create on the event; publishing throws nothing, so the result tells. */
const refusals = ($: RuntimeView, objects: ObjectSchema[], access: AccessMode): (DmlOutcome | null)[] => {
  const { transaction } = $;
  if (access !== 'user') return objects.map(() => null);
  return objects.map((object) =>
    transaction.store.permissions.object(transaction.userId, object.name, 'create')
      ? null
      : {
          id: null,
          success: false,
          created: false,
          errors: [
            { code: 'INSUFFICIENT_ACCESS_OR_READONLY', message: `No access to publish ${object.name}`, fields: [] },
          ],
        },
  );
};
