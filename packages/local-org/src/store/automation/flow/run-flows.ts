/** Record-triggered flows in a save. Apex Developer Guide, "Triggers and Order of Execution"; Salesforce Help, "Flow Trigger Explorer" on their order. */
import type { SaveContext } from '../../save/context.ts';
import type { Entry } from '../../save/entry.ts';
import { soundOf } from '../../save/sound.ts';
import { StoreError } from '../../types.ts';
import type { ObjectSchema, Row } from '../../types.ts';
import { perform } from './data.ts';
import { interview, unhandled } from './interview.ts';
import { FlowScope } from './scope.ts';
import type { DataElement, FlowSchema } from './types.ts';

/** Step before the before triggers: flows that change the record itself. */
export const flowsBeforeSave = (context: SaveContext, entries: Entry[]): void =>
  runFlows(context, entries, 'before', (entry) => entry.row);

/** Step at the end: flows that read and write other records, or the record once more. */
export const flowsAfterSave = (context: SaveContext, entries: Entry[]): void =>
  runFlows(context, entries, 'after', (entry) => {
    const [row = entry.row] = context.records.read(context.object, [entry.id!]);
    return { ...row, values: new Map(row.values) };
  });

function runFlows(
  context: SaveContext,
  entries: Entry[],
  timing: 'before' | 'after',
  recordOf: (entry: Entry) => Row,
): void {
  for (const flow of flowsOf(context.object, timing, context.operation)) {
    const interviews = soundOf(entries).flatMap((entry) => {
      const scope = new FlowScope(context, flow.name, flow.trigger!.body!, entry, recordOf(entry));
      return enters(context, flow, entry, scope) ? [{ scope, entry }] : [];
    });
    runTogether(context, flow, interviews);
  }
}

/** Flows with an order up to 1,000 come first, then those without one, then the rest. */
function flowsOf(object: ObjectSchema, timing: 'before' | 'after', operation: 'insert' | 'update'): FlowSchema[] {
  const place = ({ trigger }: FlowSchema): number => trigger!.order ?? 1000.5;
  return (object.flows ?? [])
    .filter(
      ({ status, trigger }) =>
        status === 'Active' && trigger?.body && trigger.timing === timing && trigger.on[operation],
    )
    .sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

/** Whether the record starts the flow. What its conditions cannot read fails the record. */
function enters(context: SaveContext, flow: FlowSchema, entry: Entry, scope: FlowScope): boolean {
  const { body, onlyWhenChangedToMeet } = flow.trigger!;
  try {
    if (!meets(flow, scope)) return false;
    if (!onlyWhenChangedToMeet || entry.old === null) return true;
    return !meets(flow, new FlowScope(context, flow.name, body!, { ...entry, row: entry.old }, entry.old));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    entry.errors.push(unhandled(flow, `${error.code}: ${error.message}`));
    return false;
  }
}

const meets = ({ trigger }: FlowSchema, scope: FlowScope): boolean =>
  (trigger!.conditions === null || scope.holds(trigger!.conditions)) &&
  (trigger!.formula === null || scope.formula(trigger!.formula, { type: 'boolean' }) === true);

interface Running {
  scope: FlowScope;
  steps: Generator<DataElement, void, string | null>;
  before: DataElement;
}

/** Runs the interviews side by side: those that reach the same element are served by one query or save. */
function runTogether(
  context: SaveContext,
  flow: FlowSchema,
  interviews: readonly { scope: FlowScope; entry: Entry }[],
): void {
  const advance = (scope: FlowScope, steps: Running['steps'], fault: string | null): Running[] => {
    const { done, value } = steps.next(fault);
    return done === true ? [] : [{ scope, steps, before: value }];
  };
  let running = interviews.flatMap(({ scope, entry }) => advance(scope, interview(flow, scope, entry), null));
  while (running.length > 0) {
    const element = running[0]!.before;
    const [served, waiting] = [
      running.filter(({ before }) => before === element),
      running.filter(({ before }) => before !== element),
    ];
    const faults = perform(
      context,
      element,
      served.map(({ scope }) => scope),
    );
    running = [...waiting, ...served.flatMap(({ scope, steps }, index) => advance(scope, steps, faults[index]!))];
  }
}
