/** A side is put back to an earlier state in a world at rest, and people go on. */
import { backUpMiddleLayer, putBack, takeBackup } from '../../../simulation/backup.ts';
import type { Kept } from '../../../simulation/database.ts';
import { untilMended } from '../../../simulation/found.ts';
import type { Tools } from '../../../simulation/flow.ts';
import { drawn } from '../../../simulation/weighted.ts';
import { Invariants } from './invariants.ts';
import { SERVICE_TEAM } from './people/service-team.ts';
import { SUPERVISORS } from './people/supervisors.ts';
import { PAST_GRACE, reconciled, wrongSums } from './planted.ts';
import { SERVICE_APP, type Scene } from './scene.ts';

/** What the service application keeps of ads. */
const APPLICATION: Kept = {
  tables: [
    'ad',
    'ad_use',
    'ad_change',
    'ad_decision',
    'report',
    'booking',
    'booking_repair',
    'contract_seal',
    'invoice',
  ],
  sequences: ['report_place'],
};
/** What people do in the time that a restore loses, and after it. Nobody fulfils a contract: what is lost of a seal no message brings back. */
const LOST_ACTS = 6;
const LATER_ACTS = 6;
/** Serials of this part begin here: every title is a new one. */
const FIRST_SERIAL = 1_000;
/** In so many of the seeds, what is lost had arrived everywhere. */
const ARRIVED_SHARE = 0.5;

const TEAM = [...SERVICE_TEAM, ...SUPERVISORS];

/** The service team and its supervisors act for a while, and what they do gets through more or less. */
const people = async (scene: Scene, first: number, count: number): Promise<void> => {
  for (let serial = first; serial < first + count; serial++) {
    await drawn(scene.random, TEAM)?.(scene, serial);
    for (let rounds = Math.floor(scene.random.next() * 3); rounds > 0; rounds--) await scene.world.round();
    await scene.world.clock.advance(Math.floor(scene.random.next() * 20_000));
  }
};

/** The side that `back` puts back, while things break. Returns what never comes to rest. */
const restored = async (
  scene: Scene,
  { settle, disturb, calm }: Tools,
  back: () => Promise<void>,
): Promise<string[]> => {
  const { world } = scene;
  disturb();
  await people(scene, FIRST_SERIAL, LOST_ACTS);
  if (scene.chance(ARRIVED_SHARE)) {
    calm();
    await world.revive();
    await settle();
    disturb();
  }
  await back();
  await people(scene, FIRST_SERIAL + LOST_ACTS, LATER_ACTS);
  calm();
  await world.revive();
  const stuck = await settle();
  return stuck.length > 0 ? ['not at rest after a side was restored', ...stuck] : [];
};

/** The comparison repairs until both sides agree, and each line is the sum of its entries. */
const mended = async (scene: Scene, { settle }: Tools): Promise<string[]> => {
  const left = await untilMended(async () => {
    await scene.world.clock.advance(PAST_GRACE);
    return reconciled(scene, false);
  }, settle);
  return left.length > 0 ? left : wrongSums(scene);
};

/**
 * The middle layer's database is put back: what it had taken in since is forgotten there and nowhere else. Nothing may be lost:
 * after quiet all holds that always must, and the comparison finds nothing to repair.
 */
export const checkRestoredMiddleLayer = async (scene: Scene, tools: Tools): Promise<string[]> => {
  scene.world.network.count('middle layer restored');
  const stuck = await restored(scene, tools, await backUpMiddleLayer(scene.world, false));
  if (stuck.length > 0) return stuck;
  const broken = await new Invariants(scene).atRest();
  if (broken.length > 0) return broken;
  await scene.world.clock.advance(PAST_GRACE);
  const { discrepancies } = await reconciled(scene, true);
  return discrepancies
    .filter(({ repair }) => repair !== null)
    .map(({ kind, key, detail }) => `the restored middle layer left ${kind} of ${key}: ${detail}`);
};

/** The service application's database is put back: bookings that it has lost are taken back, and those it has count again, once compared. */
export const checkRestoredApplication = async (scene: Scene, tools: Tools): Promise<string[]> => {
  const { world } = scene;
  world.network.count('service application restored');
  const backup = await takeBackup(world.db, APPLICATION);
  const books = scene.books.copy();
  const stuck = await restored(scene, tools, async () => {
    await putBack(world.db, backup);
    world.process(SERVICE_APP).life.dieIn(0);
    await world.revive();
    scene.books.replace(books);
  });
  return stuck.length > 0 ? stuck : mended(scene, tools);
};

/** The org's records are put back: entries that it has lost are made again, once compared. */
export const checkRestoredOrg = async (scene: Scene, tools: Tools): Promise<string[]> => {
  const { world } = scene;
  world.network.count('org restored');
  const backup = world.backUpOrg();
  const stuck = await restored(scene, tools, () => world.restoreOrg(backup));
  return stuck.length > 0 ? stuck : mended(scene, tools);
};
