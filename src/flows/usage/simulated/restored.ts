/** A side is put back to an earlier state in a world at rest, and people go on. */
import { takeOver } from '../../../service-app/taking-over.ts';
import { backUpMiddleLayer, putBack, takeBackup } from '../../../simulation/backup.ts';
import type { Kept } from '../../../simulation/database.ts';
import { untilMended } from '../../../simulation/found.ts';
import type { Tools } from '../../../simulation/flow.ts';
import { drawn } from '../../../simulation/weighted.ts';
import { Invariants } from './invariants.ts';
import { fulfil } from './people/sales.ts';
import { SERVICE_TEAM } from './people/service-team.ts';
import { SUPERVISORS } from './people/supervisors.ts';
import { allEntries } from './in-org.ts';
import { PAST_GRACE, reconciled, wrongSums } from './planted.ts';
import { SERVICE_APP, type Scene } from './scene.ts';
import { sealsApart } from './seals.ts';

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
/** What people do in the time that a restore loses, and after it. */
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

/**
 * The side that `back` puts back, while things break. Returns what never comes to rest. `fulfils`: amid what is lost a contract
 * is fulfilled; once what was booked has arrived, so that the seal is of bookings that are lost.
 */
const restored = async (
  scene: Scene,
  { settle, disturb, calm }: Tools,
  { back, fulfils }: { back: () => Promise<void>; fulfils: boolean | 'what has arrived' },
): Promise<string[]> => {
  const { world } = scene;
  const arrive = async (): Promise<void> => {
    calm();
    await world.revive();
    await settle();
    disturb();
  };
  disturb();
  await people(scene, FIRST_SERIAL, LOST_ACTS / 2);
  if (fulfils === 'what has arrived') await arrive();
  if (fulfils) await fulfil(scene, FIRST_SERIAL);
  await people(scene, FIRST_SERIAL + LOST_ACTS / 2, LOST_ACTS / 2);
  if (scene.chance(ARRIVED_SHARE)) await arrive();
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
 * the comparison finds seals alone to ask for, and after that nothing to repair, and all holds that always must.
 */
export const checkRestoredMiddleLayer = async (scene: Scene, tools: Tools): Promise<string[]> => {
  scene.world.network.count('middle layer restored');
  const stuck = await restored(scene, tools, {
    back: await backUpMiddleLayer(scene.world, false),
    fulfils: true,
  });
  if (stuck.length > 0) return stuck;
  await scene.world.clock.advance(PAST_GRACE);
  const { discrepancies } = await reconciled(scene, true);
  const others = discrepancies
    .filter(({ repair, kind }) => repair !== null && kind !== 'lost seal')
    .map(({ kind, key, detail }) => `the restored middle layer left ${kind} of ${key}: ${detail}`);
  for (const { kind } of discrepancies) if (kind === 'lost seal') scene.world.network.count('lost seal found');
  if (others.length > 0) return others;
  const left = await mended(scene, tools);
  return left.length > 0 ? left : new Invariants(scene).atRest();
};

/** The service application's database is put back: bookings that it has lost are taken back, and those it has count again, once compared. */
export const checkRestoredApplication = async (scene: Scene, tools: Tools): Promise<string[]> => {
  const { world } = scene;
  world.network.count('service application restored');
  const backup = await takeBackup(world.db, APPLICATION);
  const books = scene.books.copy();
  const back = async (): Promise<void> => {
    await putBack(world.db, backup);
    world.process(SERVICE_APP).life.dieIn(0);
    await world.revive();
    scene.books.replace(books);
  };
  const stuck = await restored(scene, tools, { back, fulfils: 'what has arrived' });
  if (stuck.length > 0) return stuck;
  const left = await mended(scene, tools);
  return left.length > 0 ? left : takenOver(scene, tools);
};

/** Supervisors take over what of sealed contracts the application has lost: then all three agree on each seal. */
const takenOver = async (scene: Scene, { settle }: Tools): Promise<string[]> => {
  const { world } = scene;
  for (const number of await toldAsBroken(scene)) {
    const taken = await scene.inApp(`takes over the bookings of contract ${number}`, (context, contracts, audited) =>
      takeOver(context, { contracts, audited }, number, 'petra'),
    );
    if (taken?.is !== 'taken over')
      return [`what was lost of contract ${number} is not taken over: ${JSON.stringify(taken)}`];
    world.network.count('sealed bookings taken over');
  }
  const stuck = await settle();
  if (stuck.length > 0) return ['not at rest after sealed bookings were taken over', ...stuck];
  const broken = [...(await toldAsBroken(scene))].map(
    (number) => `contract ${number} is told as broken after its bookings were taken over`,
  );
  return [...broken, ...(await sealsApart(world))];
};

/** Contracts of which the comparison tells that a booking is not what was sealed: those that the application lost among them. */
const toldAsBroken = async (scene: Scene): Promise<Set<string>> => {
  await scene.world.clock.advance(PAST_GRACE);
  const found = (await reconciled(scene, true)).discrepancies.filter(({ kind }) => kind === 'broken seal');
  const keys = new Set(found.map(({ key }) => key));
  return new Set(
    (await allEntries(scene.world))
      .filter((row) => keys.has(row.Booking_Key__c))
      .map((row) => row.Line__r.Contract__r.ContractNumber),
  );
};

/**
 * The org's records are put back: entries that it has lost are made again, once compared. Nobody fulfils a contract in that
 * time: a seal that Salesforce has lost is told, and nobody but sales can fulfil the contract again.
 */
export const checkRestoredOrg = async (scene: Scene, tools: Tools): Promise<string[]> => {
  const { world } = scene;
  world.network.count('org restored');
  const backup = world.backUpOrg();
  const stuck = await restored(scene, tools, { back: () => world.restoreOrg(backup), fulfils: false });
  return stuck.length > 0 ? stuck : mended(scene, tools);
};
