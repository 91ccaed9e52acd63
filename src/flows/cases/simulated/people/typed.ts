import type { ContentValue } from '../../../../shared/digest/content.ts';
import type { TypedField } from '../../../../shared/sample.ts';
import type { Ledger, Side } from '../../../../simulation/ledger.ts';
import type { Scene } from '../scene.ts';
import { heldAs, isRefused, isTold, typedFieldsOf, typedValue, type TypedValue } from '../typed-fields.ts';
import { change } from './outside.ts';
import { allRecords, inScope, pick, type Action, type RecordView } from './types.ts';

interface TypedRow extends Record<string, ContentValue> {
  Id: string;
  Sync_Key__c: string;
  Sync_Status__c: string | null;
}

const rowsWith = async (scene: Scene, fields: readonly TypedField[]): Promise<TypedRow[]> =>
  inScope(
    await scene.world.query<TypedRow>(
      `SELECT Id, Sync_Key__c, Sync_Status__c, ${fields.map(({ field }) => field).join(', ')} FROM Case ORDER BY Id`,
    ),
  );

/** What was given, where the value tells who gave it; where it does not, only agreement can be judged from here on. */
const note = (
  ledger: Ledger,
  key: string,
  field: TypedField,
  side: Side,
  { held }: TypedValue,
  seen: ContentValue,
): void => {
  if (held === null || !isTold(field)) ledger.leave(key, field.field);
  else ledger.note(key, field.field, side, held, heldAs(field, seen));
};

const give = async (
  scene: Scene,
  ledger: Ledger,
  row: TypedRow,
  field: TypedField,
  value: TypedValue,
): Promise<boolean> => {
  const path = `/sobjects/Case/${row.Id}`;
  const saved = (await scene.world.person('PATCH', path, { [field.field]: value.written })) !== undefined;
  if (saved) note(ledger, row.Sync_Key__c, field, 'salesforce', value, row[field.field]);
  return saved;
};

const EMPTY: TypedValue = { written: null, held: null };
/** One value in so many is emptied. */
const EMPTIED_EVERY = 7;

const valueOf = (field: TypedField, serial: number): TypedValue =>
  field.type !== 'boolean' && serial % EMPTIED_EVERY === 0 ? EMPTY : typedValue(field, serial);

/** An agent fills in a field that is no free text. */
const updateInside: Action = async (scene, ledger, serial) => {
  const fields = typedFieldsOf(scene.world);
  const row = pick(scene, await rowsWith(scene, fields));
  const field = pick(scene, fields)!;
  if (row) await give(scene, ledger, row, field, valueOf(field, serial));
};

const updateOutside: Action = async (scene, ledger, serial) => {
  const record = pick(scene, await allRecords(scene));
  const field = pick(scene, typedFieldsOf(scene.world))!;
  if (record) await giveOutside(scene, ledger, record, field, valueOf(field, serial));
};

const giveOutside = async (
  scene: Scene,
  ledger: Ledger,
  record: RecordView,
  field: TypedField,
  value: TypedValue,
): Promise<void> => {
  const isHeld = (stored: ContentValue): boolean => heldAs(field, stored) === value.held;
  if (await change(scene, record, { [field.field]: value.written }, (values) => isHeld(values[field.field])))
    note(ledger, record.key, field, 'external', value, record.values[field.field]);
};

/** An agent gives a value that Salesforce stores and the registry refuses; somebody corrects it: see `correct`. */
const spoil: Action = async (scene, ledger) => {
  const fields = typedFieldsOf(scene.world).filter(({ refused }) => refused !== undefined);
  const row = pick(scene, await rowsWith(scene, fields));
  const field = pick(scene, fields)!;
  const written = field.refused!;
  if (!row || !(await give(scene, ledger, row, field, { written, held: heldAs(field, written) }))) return;
  // the same value may be given twice
  ledger.leave(row.Sync_Key__c, field.field);
  scene.world.network.count('refusal.external, for its form');
};

/** Whoever finds such a value gives a sound one. */
export const correct: Action = async (scene, ledger, serial) => {
  const fields = typedFieldsOf(scene.world).filter(({ refused }) => refused !== undefined);
  for (const row of await rowsWith(scene, fields))
    for (const field of fields)
      if (isRefused(field, row[field.field])) await give(scene, ledger, row, field, typedValue(field, serial));
};

/** Weighted. */
export const TYPED: [weight: number, Action][] = [
  [5, updateInside],
  [4, updateOutside],
  [0.7, spoil],
  [0.7, correct],
];
