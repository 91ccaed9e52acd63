import { saveError, type Entry } from '../../save/entry.ts';
import { StoreError } from '../../types.ts';
import type { FlowScope } from './scope.ts';
import type { DataElement, Element, FlowSchema } from './types.ts';

/** Steps of work that an element counts for against the limit of the transaction. */
const COST = 20;

/**
 * Runs one interview. It hands out each element that reads or writes records, and is given why that failed, or null.
 * What goes wrong without a way for it fails the record.
 */
export function* interview(
  flow: FlowSchema,
  scope: FlowScope,
  entry: Entry,
): Generator<DataElement, void, string | null> {
  try {
    yield* steps(flow, scope, entry);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    entry.errors.push(unhandled(flow, `${error.code}: ${error.message}`));
  }
}

function* steps(flow: FlowSchema, scope: FlowScope, entry: Entry): Generator<DataElement, void, string | null> {
  const { first, timing, body } = flow.trigger!;
  const loops = new Map<string, unknown[]>();
  let at = first;
  while (at !== null && entry.errors.length === 0) {
    const element: Element = body!.elements.get(at)!;
    scope.context.triggers.spend?.(COST);
    if (timing === 'before' && element.kind === 'update') {
      for (const value of element.values) scope.assign({ ...value, to: `$Record.${value.to}` });
      at = element.next;
    } else if (isData(element)) {
      const fault = yield element;
      if (fault !== null && element.fault === null) return void entry.errors.push(unhandled(flow, fault));
      if (fault !== null) scope.faultMessage = fault;
      at = fault === null ? element.next : element.fault;
    } else at = run(element, scope, entry, loops);
  }
}

const isData = (element: Element): element is DataElement =>
  element.kind === 'lookup' || element.kind === 'create' || element.kind === 'update' || element.kind === 'delete';

/** Does what an element asks of the interview alone, and answers which comes next. */
function run(
  element: Exclude<Element, DataElement>,
  scope: FlowScope,
  entry: Entry,
  loops: Map<string, unknown[]>,
): string | null {
  switch (element.kind) {
    case 'assignment':
      for (const item of element.items) scope.assign(item);
      return element.next;
    case 'decision':
      return (element.outcomes.find(({ conditions }) => scope.holds(conditions)) ?? element).next;
    case 'error':
      for (const { text, field } of element.messages)
        entry.errors.push(
          saveError('FIELD_CUSTOM_VALIDATION_EXCEPTION', scope.merged(text), field === null ? [] : [field]),
        );
      return element.next;
    case 'loop': {
      const left = loops.get(element.name) ?? listOf(scope.read(element.collection), element.descending);
      const [item, ...others] = left;
      if (left.length === 0) {
        loops.delete(element.name);
        return element.next;
      }
      loops.set(element.name, others);
      scope.hold(element.name, item);
      return element.body;
    }
  }
}

const listOf = (held: unknown, descending: boolean): unknown[] => {
  const list = Array.isArray(held) ? [...(held as unknown[])] : [];
  return descending ? list.reverse() : list;
};

/** What a save answers when a flow fails that has no way for it. */
export const unhandled = (flow: FlowSchema, fault: string): ReturnType<typeof saveError> =>
  saveError(
    'CANNOT_EXECUTE_FLOW_TRIGGER',
    `We can't save this record because the “${flow.label}” process failed. Give your Salesforce admin these details. ${fault}`,
  );
