/**
 * Roll-up summaries are worked out again when a detail is saved, deleted or restored; the master that they changed
 * goes through the save procedure, and so does its own master (Apex Developer Guide, "Triggers and Order of Execution").
 */
import type { SummarySchema } from '../automation/types.ts';
import type { SaveServices } from '../save/context.ts';
import type { Entry } from '../save/entry.ts';
import type { Access, ObjectSchema, Row, SaveError, TriggerHost } from '../types.ts';
import { summarise } from './summarise.ts';
import type { Sums } from './summarise.ts';

/** A detail that was written or went with its master: what fails because of it is an error of `entry`. */
export interface TouchedDetail {
  entry: Entry;
  object: ObjectSchema;
  /** Its states before and after, as far as there are any. */
  states: (Row | null)[];
}

interface ChangedMaster {
  object: ObjectSchema;
  sums: Sums;
  entries: Set<Entry>;
}

/** Saves the masters whose summaries the details change. A master that cannot be saved is an error of its details. */
export function rollUp(
  services: SaveServices,
  touched: readonly TouchedDetail[],
  access: Access,
  triggers: TriggerHost,
): void {
  if (triggers.skipsSummaries) return;
  const changed = changedMasters(services, touched);
  const byObject = Map.groupBy(changed, ([, { object }]) => object);
  for (const [object, masters] of byObject) {
    // rows are locked in the order of their ids
    const ordered = masters.sort(([a], [b]) => (a < b ? -1 : 1));
    const rows = ordered.map(([id, { sums }]): Row => ({ object: object.name, id, values: sums }));
    const results = services.saveRecords(
      {
        operation: 'update',
        rows,
        allOrNone: true,
        access: { ...access, mode: 'system', sharing: false },
        summaries: true,
      },
      triggers,
    );
    ordered.forEach(([, { entries }], index) => refuse(entries, results[index]!.errors));
  }
}

const INNOCENT = 'ALL_OR_NONE_OPERATION_ROLLED_BACK';

/** The master's code and message; its fields are none of the detail's. */
function refuse(entries: ReadonlySet<Entry>, errors: readonly SaveError[]): void {
  for (const error of errors) {
    if (error.code === INNOCENT) continue;
    for (const entry of entries) entry.errors.push({ ...error, fields: [] });
  }
}

/** Masters, not deleted, of which a summary is another now than the one that is stored. */
function changedMasters(services: SaveServices, touched: readonly TouchedDetail[]): [string, ChangedMaster][] {
  const changed = new Map<string, ChangedMaster>();
  for (const [object, details] of Map.groupBy(touched, (each) => each.object)) {
    for (const summaries of Map.groupBy(object.summaries ?? [], ({ lookup }) => lookup).values()) {
      const entries = mastersOf(details, summaries[0]!);
      const master = services.schema.objects.get(summaries[0]!.master.toLowerCase())!;
      const sums = summarise(services.details, object, summaries, [...entries.keys()]);
      for (const stored of services.records.read(master, [...entries.keys()])) {
        const news = [...sums.get(stored.id!)!].filter(([name, value]) => stored.values.get(name) !== value);
        if (news.length > 0) note(changed, stored.id!, master, new Map(news), entries.get(stored.id!)!);
      }
    }
  }
  return [...changed];
}

function note(changed: Map<string, ChangedMaster>, id: string, object: ObjectSchema, sums: Sums, by: Set<Entry>): void {
  const known = changed.get(id);
  changed.set(id, {
    object,
    sums: new Map([...(known?.sums ?? []), ...sums]),
    entries: new Set([...(known?.entries ?? []), ...by]),
  });
}

/** The masters that the details have or had, with whom to tell when they cannot be saved. */
function mastersOf(details: readonly TouchedDetail[], { lookup }: SummarySchema): Map<string, Set<Entry>> {
  const masters = new Map<string, Set<Entry>>();
  for (const { entry, states } of details) {
    for (const state of states) {
      const id = state?.values.get(lookup.name);
      if (typeof id === 'string') masters.set(id, (masters.get(id) ?? new Set()).add(entry));
    }
  }
  return masters;
}
