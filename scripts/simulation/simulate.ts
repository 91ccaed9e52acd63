import { json, type HttpResponse } from '../../src/shared/http.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { checkAlways, checkAtRest } from './invariants.ts';
import { QUIET } from './network.ts';
import { act, Ledger } from './workload.ts';
import { World } from './world.ts';

export interface SimulationResult {
  seed: number;
  violations: string[];
  /** Hours on the clock. */
  hours: number;
  actions: number;
  faults: Record<string, number>;
}

const ACTIONS = 25;
const QUIET_ROUNDS = 120;
const MINUTE = 60_000;

const LOCK_ERROR = 'unable to obtain exclusive access to this record or 1 records';

const salesforceError = (status: number, errorCode: string, message: string): HttpResponse => json(status, [{ message, errorCode }]);

const breakSomething = (world: World): void => {
  const draw = world.random.next();
  if (draw < 0.06) world.crashMiddleLayerSoon();
  else if (draw < 0.1) world.crashExternalSoon();
  else if (draw < 0.14) {
    world.faults.downUntil = world.clock.now() + Math.floor(world.random.next() * 40 * MINUTE);
    world.network.count('downtime');
  } else if (draw < 0.18) {
    world.org.injectFault({ kind: 'save', object: 'Case', code: 'UNABLE_TO_LOCK_ROW', message: LOCK_ERROR, count: 1 + Math.floor(world.random.next() * 3) });
    world.network.count('row lock');
  } else if (draw < 0.2) {
    world.network.answerNext('org', salesforceError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    world.network.count('API limit');
  } else if (draw < 0.22) {
    world.network.answerNext('org', salesforceError(401, 'INVALID_SESSION_ID', 'Session expired or invalid'));
    world.network.count('expired session');
  }
};

const settled = async (world: World): Promise<boolean> => {
  const [pending] = await world.query<{ n: number }>("SELECT COUNT(Id) n FROM Case WHERE Sync_Pending__c IN ('Request', 'WriteBack', 'Retry')");
  const [row] = await world.db.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM outbox WHERE state = 'queued')
          + (SELECT count(*) FROM case_record WHERE sync_next_at IS NOT NULL AND deleted_at IS NULL AND salesforce_deletion IS NULL)
          + (SELECT count(*) FROM message WHERE state IN ('queued', 'sending')) AS n`,
  );
  return pending!.n === 0 && row!.n === 0;
};

/** Runs one seed to its end: people act while things break, then quiet, then judgement. */
export const simulate = async (seed: number, db: Database): Promise<SimulationResult> => {
  const world = await World.create(seed, db);
  const began = world.clock.now();
  const ledger = new Ledger();
  const violations: string[] = [];
  const { random, network } = world;
  const share = (most: number): number => (random.next() < 0.3 ? 0 : random.next() * most);
  network.faults = { loseRequest: share(0.15), loseResponse: share(0.15), duplicate: share(0.15), delay: share(0.1), refuse: share(0.1) };
  world.faults.set({
    seed,
    loseIncoming: { request: share(0.2), acknowledge: share(0.3), writeBack: share(0.3), deletion: 0 },
    loseOutgoing: { record: share(0.2), refused: share(0.2), writeBackConfirmed: share(0.3) },
    duplicate: share(0.3),
    reorder: share(0.5),
  });
  try {
    for (let serial = 0; serial < ACTIONS && violations.length === 0; serial++) {
      await act(world, ledger, serial);
      breakSomething(world);
      const rounds = Math.floor(random.next() * 4);
      for (let i = 0; i < rounds; i++) {
        await world.round();
        await world.clock.advance(Math.floor(random.next() * 20_000));
      }
      violations.push(...(await checkAlways(world)));
      if (random.next() < 0.15) await world.clock.advance(Math.floor(random.next() * 30 * MINUTE));
    }
    network.faults = QUIET;
    world.faults.set({ loseIncoming: {}, loseOutgoing: {}, duplicate: 0, reorder: 0 });
    world.faults.downUntil = 0;
    let rounds = 0;
    for (; rounds < QUIET_ROUNDS && violations.length === 0; rounds++) {
      await world.round();
      await world.round();
      if (await settled(world)) break;
      await world.clock.advance(2 * MINUTE);
    }
    if (rounds === QUIET_ROUNDS) violations.push(`not at rest after ${(QUIET_ROUNDS * 2) / 60} quiet hours`);
    if (violations.length === 0) violations.push(...(await checkAtRest(world, ledger)));
  } finally {
    world.close();
  }
  return { seed, violations, hours: (world.clock.now() - began) / 3_600_000, actions: ACTIONS, faults: { ...network.counts, ...world.faults.counts } };
};

/** Gives each seed a schema of its own in one database, and drops it afterwards. */
export const inOwnSchema = async <T>(db: Database, seed: number, work: (db: Database) => Promise<T>): Promise<T> => {
  await db.script(`CREATE SCHEMA seed_${seed}; SET search_path TO seed_${seed}`);
  try {
    return await work(db);
  } finally {
    await db.script(`SET search_path TO public; DROP SCHEMA seed_${seed} CASCADE`);
  }
};
