import type { Values } from '../../../../shared/case-messages.ts';
import type { Ledger } from '../../../../simulation/ledger.ts';
import type { Scene } from '../scene.ts';
import { allRecords, FIELDS, pick, type Action, type Field, type RecordView } from './types.ts';
import { SAMPLE } from '../../../../shared/sample.ts';

/** The record as it is stored, for who got no answer and looks again later: the registry, or its database, may have gone between a commit and its answer. */
const stored = async (
  scene: Scene,
  { key }: RecordView,
): Promise<{ values: RecordView['values']; deleted_at: Date | null } | undefined> =>
  (
    await scene.world.db.query<{ values: RecordView['values']; deleted_at: Date | null }>(
      'SELECT values, deleted_at FROM case_record WHERE key = $1',
      [key],
    )
  )[0];

/** Whether a change was made: somebody who gets no answer looks whether `isMade` of what is stored. */
export const change = async (
  scene: Scene,
  record: RecordView,
  values: Values,
  isMade: (stored: RecordView['values']) => boolean,
): Promise<boolean> => {
  const answered = await scene.registry('PATCH', `/v1/cases/${record.externalId}`, { values });
  if (answered !== undefined) return true;
  const now = await stored(scene, record);
  return now !== undefined && isMade(now.values);
};

const give = async (
  scene: Scene,
  ledger: Ledger,
  record: RecordView,
  field: Field,
  value: string,
): Promise<boolean> => {
  const made = await change(scene, record, { [field]: value }, (values) => values[field] === value);
  if (made) ledger.note(record.key, field, 'external', value, record.values[field] ?? null);
  return made;
};

/** Somebody enters a record that Salesforce does not know. */
export const createOutside = async (
  scene: Scene,
  ledger: Ledger,
  subject: string,
  more: Values = {},
): Promise<void> => {
  const values = { Subject: subject, Status: 'New', ...more };
  const record = await scene.registry<RecordView>('POST', '/v1/cases', { values });
  if (!record) return;
  ledger.note(record.key, 'Subject', 'external', subject, null);
  ledger.bornOutside.set(record.key, record.values);
};

const create: Action = (scene, ledger, serial) => createOutside(scene, ledger, `born outside ${serial}`);

const update: Action = async (scene, ledger, serial) => {
  const record = pick(scene, await allRecords(scene));
  if (!record) return;
  const field = pick(scene, FIELDS)!;
  const value = `outside ${serial}`;
  await give(scene, ledger, record, field, value);
};

/** Longer than Salesforce's field: it refuses this record of a batch, and takes the others. */
const TOO_LONG = 300;
const isTooLong = (value: string | null | undefined): boolean => (value?.length ?? 0) >= TOO_LONG;

const saveAgain: Action = async (scene) => {
  const record = pick(scene, await allRecords(scene));
  if (!record) return;
  const field = pick(scene, FIELDS)!;
  await scene.registry('PATCH', `/v1/cases/${record.externalId}`, {
    values: { [field]: record.values[field] ?? null },
  });
};

const spoil: Action = async (scene, ledger, serial) => {
  const record = pick(scene, await allRecords(scene));
  if (!record) return;
  const value = `outside ${serial} ${'long '.repeat(TOO_LONG / 5)}`.trim();
  if (await give(scene, ledger, record, SAMPLE.play.ownedInside, value))
    scene.world.network.count('refusal.salesforce');
};

export const correct: Action = async (scene, ledger, serial) => {
  for (const record of (await allRecords(scene)).filter(({ values }) => isTooLong(values[SAMPLE.play.ownedInside]))) {
    await give(scene, ledger, record, SAMPLE.play.ownedInside, `outside ${serial}`);
  }
};

const remove: Action = async (scene, ledger) => {
  const record = pick(scene, await allRecords(scene));
  if (!record) return;
  const answered = await scene.registry('DELETE', `/v1/cases/${record.externalId}`);
  const gone = answered !== undefined || (await stored(scene, record))?.deleted_at !== null;
  if (gone) ledger.deletedOutside.add(record.key);
};

/** Weighted. */
export const OUTSIDE: [weight: number, Action][] = [
  [2, create],
  [5, update],
  [1, saveAgain],
  [0.4, spoil],
  [0.4, correct],
  [0.3, remove],
];
