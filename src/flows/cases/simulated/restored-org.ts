import type { Tools } from '../../../simulation/flow.ts';
import { Ledger } from '../../../simulation/ledger.ts';
import { Invariants } from './invariants.ts';
import { allCases, FIELDS, pick } from './people/types.ts';
import { PAST_GRACE, reconciled } from './planted.ts';
import {
  afterRestore,
  compareUntilMended,
  FIRST_SERIAL,
  LATER_EDITS,
  LOST_EDITS,
  noteBoth,
  people,
} from './restored.ts';
import type { Scene } from './scene.ts';

/** In so many of the seeds a Case is deleted in the time that the restore loses: it is there again. */
const DELETED_SHARE = 0.75;
/** In so many, what is lost had arrived everywhere. */
const ARRIVED_SHARE = 0.6;
/** Cases that were edited in that time, and are again: their versions have been given before. */
const EDITED_AGAIN = 3;

/** What nobody but a person may decide, by key. */
const toldOf = async (scene: Scene): Promise<Map<string, string>> => {
  await scene.world.clock.advance(PAST_GRACE);
  const { discrepancies } = await reconciled(scene, true);
  return new Map(discrepancies.filter(({ repair }) => repair === null).map(({ key, kind }) => [key, kind]));
};

/** One that the backup has: what was made since and deleted is gone for good, as both sides know. */
const deleteSomeCase = async (scene: Scene, backedUp: ReadonlySet<string>): Promise<void> => {
  const row = pick(
    scene,
    (await allCases(scene)).filter(({ Id }) => backedUp.has(Id)),
  );
  if (row) await scene.world.person('DELETE', `/sobjects/Case/${row.Id}`);
};

/** Agents go on with the Cases that they had in hand: the next versions are numbers that went out before. */
const editAgain = async (scene: Scene, ledger: Ledger, lost: Ledger): Promise<void> => {
  const edited = new Set(lost.given().map(([key]) => key));
  const rows = (await allCases(scene)).filter((row) => edited.has(row.Sync_Key__c)).slice(0, EDITED_AGAIN);
  for (const row of rows) {
    const value = `again ${row.Sync_Key__c.slice(0, 8)}`;
    const field = pick(scene, FIELDS)!;
    if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { [field]: value })) !== undefined)
      ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
  }
};

/** Keys that only the registry has and nobody deleted, and Cases that the registry takes for deleted: neither may be settled in silence. */
const undecided = async (scene: Scene): Promise<Map<string, string>> => {
  const inside = new Set((await allCases(scene)).map((row) => row.Sync_Key__c));
  const rows = await scene.world.db.query<{ key: string; is_told: boolean }>(
    'SELECT key, salesforce_deletion IS NOT NULL AS is_told FROM case_record WHERE deleted_at IS NULL',
  );
  return new Map(
    rows.flatMap(({ key, is_told: isTold }): [string, string][] => {
      if (inside.has(key)) return isTold ? [[key, 'orphaned by deletion']] : [];
      return isTold ? [] : [[key, 'missing in Salesforce']];
    }),
  );
};

/**
 * The org's records are put back to an earlier state while things break: versions and revisions count from there again,
 * Cases that were made since are gone, deleted ones are there. Afterwards the comparison tells each of these two and
 * makes or undoes none of them, until a person has them made again: then both sides agree, and no edit made since the
 * restore is lost unless its owner's won.
 */
export const checkRestoredOrg = async (
  scene: Scene,
  before: Ledger,
  { settle, disturb, calm }: Tools,
): Promise<string[]> => {
  const { world } = scene;
  world.network.count('org restored');
  const known = await toldOf(scene);
  const backup = world.backUpOrg();
  const backedUp = new Set((await allCases(scene)).map(({ Id }) => Id));
  const lost = new Ledger();
  await people(scene, lost, FIRST_SERIAL, LOST_EDITS);
  if (scene.random.next() < DELETED_SHARE) await deleteSomeCase(scene, backedUp);
  if (scene.random.next() < ARRIVED_SHARE) await settle();
  await world.restoreOrg(backup);
  const ledger = afterRestore(before);
  await noteBoth(scene, ledger, lost);
  disturb();
  await editAgain(scene, ledger, lost);
  await people(scene, ledger, FIRST_SERIAL + LOST_EDITS, LATER_EDITS);
  calm();
  await world.revive();
  const stuck = await settle();
  if (stuck.length > 0) return ['not at rest after the org was restored', ...stuck];
  const open = await undecided(scene);
  const left = await compareUntilMended(scene, settle);
  if (left.length > 0) return left;
  const told = await toldOf(scene);
  const silent = [...open].filter(([key, kind]) => told.get(key) !== kind);
  if (silent.length > 0) return silent.map(([key, kind]) => `${kind} of ${key} is not told, but ${told.get(key)}`);
  const unmade = await compareUntilMended(scene, settle, { makesAgain: true });
  if (unmade.length > 0) return unmade;
  const unsaid = [...(await toldOf(scene))].filter(([key, kind]) => known.get(key) !== kind);
  if (unsaid.length > 0) return unsaid.map(([key, kind]) => `${kind} of ${key} is left after its Case was made again`);
  return new Invariants(scene, ledger).atRest();
};
