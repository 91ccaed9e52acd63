import { Invariants } from './invariants.ts';
import { Ledger, type Side } from '../../../simulation/ledger.ts';
import { reconciled, PAST_GRACE } from './planted.ts';
import { untilMended } from '../../../simulation/found.ts';
import { allCases, allRecords, FIELDS, pick, type Field, type RecordView } from './people/types.ts';
import { emptied, putBack, takeBackup } from '../../../simulation/backup.ts';
import type { Kept } from '../../../simulation/database.ts';
import type { Tools } from '../../../simulation/flow.ts';
import type { Scene } from './scene.ts';

/** What people do in the time that a restore loses, and after it. */
export const LOST_EDITS = 6;
export const LATER_EDITS = 6;
/** Serials of this part begin here: every value that is written is new. */
export const FIRST_SERIAL = 1_000;

/** What the registry keeps in its database, parents before what names them. */
export const REGISTRY_KEPT: Kept = {
  tables: ['case_record', 'case_revision', 'case_request', 'case_repair', 'salesforce_deletion', 'outbox'],
  sequences: ['case_number', 'outbox_id_seq'],
};

type Edit = (scene: Scene, ledger: Ledger, serial: number) => Promise<void>;

const editInside: Edit = async (scene, ledger, serial) => {
  const living = new Set((await allRecords(scene)).map(({ key }) => key));
  const row = pick(
    scene,
    (await allCases(scene)).filter(({ Sync_Key__c: key }) => living.has(key)),
  );
  if (!row) return;
  const field = pick(scene, FIELDS)!;
  const value = `inside ${serial}`;
  if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { [field]: value })) !== undefined)
    ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
};

const createInside: Edit = async (scene, _ledger, serial) => {
  await scene.world.person('POST', '/sobjects/Case', { Subject: `created ${serial}` });
};

const editOutside: Edit = async (scene, ledger, serial) => {
  const own = new Set((await allCases(scene)).map((row) => row.Sync_Key__c));
  const record = pick(
    scene,
    (await allRecords(scene)).filter(({ key }) => own.has(key)),
  );
  if (!record) return;
  const field = pick(scene, FIELDS)!;
  const value = `outside ${serial}`;
  const path = `/v1/cases/${record.externalId}`;
  if ((await scene.registry('PATCH', path, { values: { [field]: value } })) !== undefined)
    ledger.note(record.key, field, 'external', value, record.values[field] ?? null);
};

const createOutside: Edit = async (scene, _ledger, serial) => {
  await scene.registry('POST', '/v1/cases', { values: { Subject: `born outside ${serial}`, Status: 'New' } });
};

const EDITS: Edit[] = [editInside, editInside, createInside, editOutside, editOutside, editOutside, createOutside];

/** People act for a while, and what they do gets through more or less. */
export const people = async (scene: Scene, ledger: Ledger, first: number, count: number): Promise<void> => {
  for (let serial = first; serial < first + count; serial++) {
    await pick(scene, EDITS)!(scene, ledger, serial);
    for (let rounds = Math.floor(scene.random.next() * 3); rounds > 0; rounds--) await scene.world.round();
    await scene.world.clock.advance(Math.floor(scene.random.next() * 20_000));
  }
};

/** What neither part of a trial may forget: keys that were gone before. */
export const afterRestore = (before: Ledger): Ledger => {
  const ledger = new Ledger({ isAfterRestore: true });
  for (const key of before.deletedInside) ledger.deletedInside.add(key);
  for (const key of before.deletedOutside) ledger.deletedOutside.add(key);
  return ledger;
};

/**
 * What either side holds of a field when one is put back: from here on one of them, or a later edit, is right. `by`: whose
 * values that were lost count; absent: everybody's. Each of them may still be on its way to Salesforce, also one that was changed again: only the message of
 * the change would have superseded it, and that may be lost.
 */
export const noteBoth = async (scene: Scene, ledger: Ledger, lost: Ledger, by?: Side): Promise<void> => {
  const onItsWay = new Map(lost.given().map(([key, field, values]) => [`${key} ${field}`, values.at(-1) ?? null]));
  const records = new Map((await allRecords(scene)).map((record) => [record.key, record]));
  for (const row of await allCases(scene)) {
    const record: RecordView | undefined = records.get(row.Sync_Key__c);
    if (!record) continue;
    for (const field of FIELDS) {
      const theirs = record.values[field] ?? null;
      const key = row.Sync_Key__c;
      const moving = onItsWay.get(`${key} ${field}`);
      const ours = row[field] ?? null;
      noteField(ledger, key, field, ours === theirs ? (moving ?? theirs) : ours, theirs);
      const arriving = new Set([...lost.everGiven(key, field, by), ...(moving === undefined ? [] : [moving])]);
      for (const value of arriving) if (value !== ours) ledger.mayArrive(key, field, value);
    }
  }
};

const noteField = (ledger: Ledger, key: string, field: Field, ours: string | null, theirs: string | null): void => {
  if (ours === theirs) return;
  ledger.note(key, field, 'external', theirs, null);
  ledger.note(key, field, 'salesforce', ours, `not ${theirs}`);
};

/** Repairs until nothing is to be repaired: see `untilMended`. */
export const compareUntilMended = (
  scene: Scene,
  settle: Tools['settle'],
  { makesAgain = false } = {},
): Promise<string[]> =>
  untilMended(async () => {
    await scene.world.clock.advance(PAST_GRACE);
    return reconciled(scene, false, { makesAgain });
  }, settle);

/**
 * The registry's database is copied, work goes on, and the copy is put back, or there is none and it starts empty: what was written in between is gone there
 * and nowhere else. Afterwards people go on, things break, and it comes to rest: both sides agree, no edit made since
 * is lost unless its owner's won, and whatever no message could find the comparison finds.
 */
export const checkRestoredRegistry = async (
  scene: Scene,
  before: Ledger,
  { settle, disturb, calm }: Tools,
  isLost: boolean,
): Promise<string[]> => {
  scene.world.network.count(isLost ? 'registry lost' : 'registry restored');
  const taken = await takeBackup(scene.world.db, REGISTRY_KEPT);
  const backup = isLost ? emptied(taken) : taken;
  const lost = new Ledger();
  await people(scene, lost, FIRST_SERIAL, LOST_EDITS);
  // in half of the seeds what was lost had not yet arrived everywhere
  if (scene.random.next() < 0.5) await settle();
  await putBack(scene.world.db, backup);
  scene.outbox.forget();
  const ledger = afterRestore(before);
  await noteBoth(scene, ledger, lost, 'external');
  disturb();
  await people(scene, ledger, FIRST_SERIAL + LOST_EDITS, LATER_EDITS);
  calm();
  await scene.world.revive();
  const stuck = await settle();
  if (stuck.length > 0) return ['not at rest after the registry was restored', ...stuck];
  const left = await compareUntilMended(scene, settle);
  return left.length > 0 ? left : new Invariants(scene, ledger).atRest();
};
