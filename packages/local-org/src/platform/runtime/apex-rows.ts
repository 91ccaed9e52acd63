/** ApexClass and ApexTrigger rows: what the Tooling API and AsyncApexJob.ApexClass show of the project's code. */
import type { SourceUnit, TriggerEventName } from '../../compiler/types.ts';
import type { Store, Value } from '../../store/types.ts';
import type { Program } from './program.ts';

/** Brings the rows in line with the project, keeping the ids of classes that were there before. */
export const refreshApexRows = (store: Store, units: readonly SourceUnit[], program: Program, userId: string): void => {
  for (const kind of ['class', 'trigger'] as const) {
    const object = kind === 'class' ? 'ApexClass' : 'ApexTrigger';
    const known = new Map(rowsOf(store, object, userId).map(({ id, name }) => [name.toLowerCase(), id]));
    for (const unit of units.filter((candidate) => candidate.kind === kind)) {
      const valid = program.module(unit.path) !== undefined;
      const id = known.get(unit.name.toLowerCase()) ?? store.newId(object);
      known.delete(unit.name.toLowerCase());
      const values: [string, Value][] = [
        ['Name', unit.name],
        ['Body', unit.text],
        ['Status', unit.isActive === false ? 'Inactive' : 'Active'],
        ['IsValid', valid],
        ['ApiVersion', unit.apiVersion ?? null],
        ['LengthWithoutComments', unit.text.length],
      ];
      const trigger = program.module(unit.path)?.trigger;
      if (trigger)
        values.push(
          ['TableEnumOrId', trigger.object],
          ...USAGES.map(([field, event]): [string, Value] => [field, trigger.events.includes(event)]),
        );
      store.writePlatformRow({
        object,
        id,
        values: new Map(
          values.filter(([name]) => store.schema.objects.get(object.toLowerCase())?.fields.has(name.toLowerCase())),
        ),
      });
    }
    for (const id of known.values()) store.removePlatformRow(object, id);
  }
};

const USAGES: [field: string, event: TriggerEventName][] = [
  ['UsageBeforeInsert', 'before insert'],
  ['UsageAfterInsert', 'after insert'],
  ['UsageBeforeUpdate', 'before update'],
  ['UsageAfterUpdate', 'after update'],
  ['UsageBeforeDelete', 'before delete'],
  ['UsageAfterDelete', 'after delete'],
  ['UsageAfterUndelete', 'after undelete'],
];

const rowsOf = (store: Store, object: string, userId: string): { id: string; name: string }[] =>
  store
    .query(`SELECT Id, Name FROM ${object}`, { access: { userId, mode: 'system', sharing: false } })
    .rows.map((row) => ({ id: row.values.get('Id') as string, name: row.values.get('Name') as string }));
