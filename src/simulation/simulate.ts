import { REACHABLE } from '../external-system/db/records.ts';
import { breakSomething } from './chaos.ts';
import { Invariants } from './invariants.ts';
import { Ledger } from './ledger.ts';
import { QUIET } from './network.ts';
import { act } from './people/act.ts';
import { correct as correctInside, resume } from './people/inside.ts';
import { correct as correctOutside } from './people/outside.ts';
import { retryRefused } from './people/retry.ts';
import { checkReconciliation } from './planted.ts';
import { changeSchema } from './schema-change.ts';
import { checkRestoredRegistry } from './restored.ts';
import type { Stage } from './stage.ts';
import { World } from './world.ts';

export interface SimulationResult {
  seed: number;
  violations: string[];
  /** Hours on the clock. */
  hours: number;
  /** How often each fault struck, by class. */
  faults: Record<string, number>;
  /** Of everything that happened. */
  trace: string;
}

const ACTIONS = 25;
const QUIET_ROUNDS = 90;
const ROUNDS_BEFORE_CORRECTION = 6;
/** Open messages beyond which the middle layer takes in no more Cases. */
const SMALL_ROOM = 4;
const MINUTE = 60_000;
/** In one of so many seeds the registry is restored to an earlier state at the end. */
const RESTORED_EVERY = 4;
const RESTORED_AT = 1;

/** What is still under way, in words, a line each. */
const underWay = async (world: World): Promise<string[]> => {
  const inside = await world.query<{ Sync_Key__c: string; Sync_Status__c: string; Sync_Pending__c: string }>(
    'SELECT Sync_Key__c, Sync_Status__c, Sync_Pending__c FROM Case WHERE Sync_Pending__c != null ORDER BY Id',
  );
  const tombstones = await world.query<{ Sync_Key__c: string }>(
    "SELECT Sync_Key__c FROM Sync_Tombstone__c WHERE Pending__c = 'Pending' ORDER BY Id",
  );
  const rows = await world.db.query<{ line: string }>(
    `SELECT 'outside ' || kind || ' of ' || key || ' is queued' AS line FROM outbox WHERE state = 'queued'
     UNION ALL
     SELECT 'record of ' || key || ' is ' || sync_status || ', Case id ' || coalesce(salesforce_case_id, 'missing') FROM case_record
      WHERE sync_next_at IS NOT NULL AND ${REACHABLE}
     UNION ALL
     SELECT kind || ' of ' || key || ' for ' || target || ' is ' || state || ' after ' || attempts || ' refusals' FROM message WHERE state IN ('queued', 'sending')
     ORDER BY 1`,
  );
  return [
    ...inside.map((row) => `Case of ${row.Sync_Key__c} is ${row.Sync_Status__c}, pending ${row.Sync_Pending__c}`),
    ...tombstones.map(({ Sync_Key__c: key }) => `the tombstone of ${key} is pending`),
    ...rows.map(({ line }) => line),
  ];
};

/** Lets everything that is under way arrive; tells what never does. */
const settle = async (world: World, most = QUIET_ROUNDS): Promise<string[]> => {
  for (let rounds = 1; ; rounds++) {
    await world.round();
    await world.round();
    const left = await underWay(world);
    if (left.length === 0 || rounds >= most) return left;
    // first in small steps, for what only waits its turn, then as the jobs and pollers run
    await world.clock.advance(rounds < 5 ? MINUTE / 4 : 5 * MINUTE);
  }
};

/** Faults of this seed: each kind is absent now and then, so that none hides another. */
const plan = (world: World, seed: number): void => {
  const { random } = world;
  const share = (most: number): number => (random.next() < 0.3 ? 0 : random.next() * most);
  world.network.faults = {
    loseRequest: share(0.15),
    loseResponse: share(0.15),
    duplicate: share(0.15),
    delay: share(0.2),
    refuse: share(0.1),
  };
  world.faults.set({
    seed,
    loseIncoming: { request: share(0.2), acknowledge: share(0.3), writeBack: share(0.3), deletion: share(0.5) },
    loseOutgoing: {
      record: share(0.2),
      requestWanted: share(0.3),
      refused: share(0.2),
      writeBackConfirmed: share(0.3),
      deletionRecorded: share(0.3),
      deleted: share(0.5),
    },
    duplicate: share(0.3),
    reorder: share(0.5),
    refuse: share(0.1),
    timeoutAfterCommit: share(0.1),
  });
  for (const clock of Object.values(world.clocks)) clock.offset = Math.floor(share(6 * MINUTE) - 3 * MINUTE);
};

const quiet = (world: World): void => {
  world.network.faults = QUIET;
  world.faults.set({ loseIncoming: {}, loseOutgoing: {}, duplicate: 0, reorder: 0, refuse: 0, timeoutAfterCommit: 0 });
  world.faults.downUntil = 0;
};

const live = async (world: World, ledger: Ledger, invariants: Invariants): Promise<string[]> => {
  const { random } = world;
  for (let serial = 0; serial < ACTIONS; serial++) {
    await act(world, ledger, serial);
    await breakSomething(world);
    const rounds = Math.floor(random.next() * 4);
    for (let i = 0; i < rounds; i++) {
      await world.round();
      await world.clock.advance(Math.floor(random.next() * 20_000));
    }
    const broken = await invariants.always();
    if (broken.length > 0) return broken;
    if (random.next() < 0.15) await world.clock.advance(Math.floor(random.next() * 30 * MINUTE));
  }
  return [];
};

const judge = async (world: World, seed: number, ledger: Ledger, invariants: Invariants): Promise<string[]> => {
  quiet(world);
  await world.revive();
  await resume(world, ledger, ACTIONS);
  if (world.refusesSomeResolutions) await changeSchema(world, false);
  // what was refused does not rest before somebody has corrected it
  await settle(world, ROUNDS_BEFORE_CORRECTION);
  await correctInside(world, ledger, ACTIONS);
  await correctOutside(world, ledger, ACTIONS + 1);
  await retryRefused(world);
  const stuck = await settle(world);
  if (stuck.length > 0) return ['not at rest after people corrected and retried what was refused', ...stuck];
  const broken = await invariants.atRest();
  if (broken.length > 0) return broken;
  if (seed % RESTORED_EVERY === RESTORED_AT) {
    const disturb = (): void => plan(world, seed);
    return checkRestoredRegistry(world, ledger, { settle: () => settle(world), disturb, quiet: () => quiet(world) });
  }
  if (world.random.next() < 0.6) return [];
  return checkReconciliation(world, () => settle(world));
};

/** Runs one seed to its end: people act while things break, then quiet, then judgement. */
export const simulate = async (seed: number, stage: Stage): Promise<SimulationResult> => {
  // the seed's own number decides what even a first draw must not be taken for
  const world = await World.create(seed, stage, {
    stream: seed % 2 === 0,
    // in a third of the seeds pending Cases are read page by page, as in a backlog
    ...(seed % 3 === 0 ? { sweepRoom: SMALL_ROOM } : {}),
  });
  const ledger = new Ledger();
  const invariants = new Invariants(world, ledger);
  const began = world.clock.now();
  plan(world, seed);
  try {
    const broken = await live(world, ledger, invariants);
    const violations = broken.length > 0 ? broken : await judge(world, seed, ledger, invariants);
    const faults = { ...world.network.counts, ...world.faults.counts };
    return {
      seed,
      violations,
      hours: (world.clock.now() - began) / (60 * MINUTE),
      faults,
      trace: world.trace.digest(),
    };
  } finally {
    world.close();
  }
};
