import { Violation } from '../../../../simulation/process.ts';
import type { Scene } from '../scene.ts';
import { allCases, FIELDS, pick, type Action } from './types.ts';

/** Rows that one call of a composite collection may bring (REST API Developer Guide, "Create Multiple Records"). */
const ROWS = 200;
/** Of them so many are sound: few, as each becomes a Case of both sides. */
const SOUND = 12;
/** A Subject takes 255 characters. */
const TOO_LONG = 'x'.repeat(256);

interface Row {
  values: Record<string, unknown>;
  isSound: boolean;
}

interface Saved {
  id: string | null;
  success: boolean;
}

/** Sound rows stand among those that are refused, wherever chance puts them. */
const shuffled = ({ random }: Scene, rows: readonly Row[]): Row[] =>
  rows
    .map((row) => ({ row, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ row }) => row);

/** All rows in one transaction, each saved or refused for itself; undefined when the org took the call for none. */
const saveAll = async ({ world }: Scene, method: string, rows: readonly Row[]): Promise<Saved[] | undefined> => {
  const saved = await world.person<Saved[]>(method, '/composite/sobjects', {
    allOrNone: false,
    records: rows.map(({ values }) => ({ attributes: { type: 'Case' }, ...values })),
  });
  saved?.forEach(({ success }, index) => {
    if (success && !rows[index]!.isSound)
      throw new Violation(`an import brought ${JSON.stringify(rows[index]!.values)}, which no Case may hold`);
  });
  return saved;
};

/** Rows of another org's export: some bring that org's sync fields, some hold a text that no field takes. */
const insertMany: Action = async (scene, ledger, serial) => {
  const sound = Array.from({ length: SOUND }, (_, index) => ({
    values: { Subject: `imported ${serial}.${index}` },
    isSound: true,
  }));
  const refused = Array.from({ length: ROWS - SOUND }, (_, index) => ({
    values: { Subject: index % 2 === 0 ? TOO_LONG : 'stale', ...(index % 2 === 0 ? {} : { Sync_Version__c: 7 }) },
    isSound: false,
  }));
  const rows = shuffled(scene, [...sound, ...refused]);
  const saved = (await saveAll(scene, 'POST', rows)) ?? [];
  scene.world.network.count('import of 200 rows');
  const subjects = new Map(saved.flatMap(({ id, success }, index) => (success ? [[id!, rows[index]!.values]] : [])));
  const made = (await allCases(scene)).filter(({ Id }) => subjects.has(Id));
  if (made.length !== subjects.size)
    throw new Violation(`an import saved ${subjects.size} Cases, of which ${made.length} are under sync`);
  for (const row of made)
    ledger.note(row.Sync_Key__c, 'Subject', 'salesforce', String(subjects.get(row.Id)!['Subject']), null);
};

/** Every Case there is, and rows that name Cases which are not there; in some a value that no field takes. */
const updateMany: Action = async (scene, ledger, serial) => {
  const cases = (await allCases(scene)).slice(0, ROWS);
  const field = pick(scene, FIELDS)!;
  const value = `inside ${serial}`;
  const rows = cases.map((row): Row & { row: (typeof cases)[number] } => {
    const isSound = scene.random.next() < 0.7;
    return { row, isSound, values: { id: row.Id, ...(isSound ? { [field]: value } : { Subject: TOO_LONG }) } };
  });
  const nobody = Array.from({ length: ROWS - rows.length }, (_, index) => ({
    values: { id: `500999999999${String(index).padStart(3, '0')}AAA`, Subject: 'nobody' },
    isSound: false,
  }));
  await scene.met;
  const saved = await saveAll(scene, 'PATCH', [...rows, ...nobody]);
  scene.world.network.count('update of 200 rows');
  rows.forEach(({ row }, index) => {
    if (saved?.[index]!.success) ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
  });
};

/** Weighted. */
export const IMPORTERS: [weight: number, Action][] = [
  [1, insertMany],
  [1, updateMany],
];
