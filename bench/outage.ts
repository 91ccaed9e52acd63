/**
 * How does a backlog drain through the real processes after an outage of the external system? Org, middle layer and
 * registry as processes of their own, the last two on a PostgreSQL server where this machine has one (else PGlite). Cases
 * are saved while the registry is away; from its return on, each line tells the share that is `Success`, the API calls,
 * the memory of each process, and how long `/v1/status` took. `--cases=50000` sets how many.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { findPostgres } from '../scripts/testing/postgres/find.ts';
import { startPostgres } from '../scripts/testing/postgres/server.ts';
import { startSystem, type System } from '../src/flows/cases/told/system.ts';
import { DEFAULT_SETTINGS } from '../src/middle-layer/settings.ts';
import { Admin } from './support/admin.ts';
import { caseValues } from './support/cases.ts';
import { print, printTable, secondsOf, sizeOf } from './support/figures.ts';
import { childrenOfThis, memoryOf } from './support/processes.ts';

const CASES = 5_000;
const CASES_QUICK = 600;
const NEVER_MS = 24 * 3_600_000;
/** Lines of the table, about. */
const LINES = 20;
const LOOK_MS = 1_000;
/** Nothing more became `Success` for so long: why, is told. */
const QUIET_MS = 60_000;
/** And for so long, longer than the slowest poll: it is stuck. */
const PATIENCE_MS = DEFAULT_SETTINGS.outagePollIntervalMs + QUIET_MS;
/** The last lines of the log of each part are told then. */
const LAST_LINES = 15;
const MAX_STATUS_MS = 50;
/** The parts by what their command lines name. */
const PARTS = { org: 'local-org', 'middle layer': 'middle-layer/main', registry: 'external-system/main' };

interface Server {
  kind: string;
  remove(): Promise<void>;
}

/** Tells the parts, by the environment that they inherit, which databases are theirs. */
const openServer = async (): Promise<Server> => {
  if (findPostgres() === null) return { kind: 'PGlite', remove: async () => {} };
  const server = await startPostgres();
  for (const name of ['middle_layer', 'registry']) await server.sql(`CREATE DATABASE ${name}`);
  process.env.DATABASE_URL = server.url.replace(/postgres$/, 'middle_layer');
  process.env.EXTERNAL_DATABASE_URL = server.url.replace(/postgres$/, 'registry');
  const remove = async (): Promise<void> => {
    delete process.env.DATABASE_URL;
    delete process.env.EXTERNAL_DATABASE_URL;
    await server.remove();
  };
  return { kind: 'a PostgreSQL server', remove };
};

/** Milliseconds that `/v1/status` takes. */
const statusMs = async (system: System): Promise<number> => {
  const began = performance.now();
  await system.status();
  return performance.now() - began;
};

/** The last lines that each part has logged. */
class Logs {
  readonly #lines = new Map<string, string[]>();

  note(part: string, line: string): void {
    this.#lines.set(part, [...(this.#lines.get(part) ?? []), line].slice(-LAST_LINES));
  }

  toString(): string {
    return [...this.#lines].flatMap(([part, lines]) => lines.map((line) => `${part}: ${line}`)).join('\n');
  }
}

/** Where the Cases stand, what the middle layer waits for, and what the parts said last: enough to find out why no more come. */
const standing = async (system: System, admin: Admin, logs: Logs): Promise<string> => {
  const cases = await admin.query(
    'SELECT Sync_Status__c, Sync_Pending__c, Sync_Error_Code__c, COUNT(Id) n FROM Case GROUP BY Sync_Status__c, Sync_Pending__c, Sync_Error_Code__c',
  );
  return [JSON.stringify(cases), await system.status(), String(logs)].join('\n');
};

const memoryOfParts = (): number[] => {
  const children = childrenOfThis();
  return Object.values(PARTS).map((part) =>
    memoryOf(children.find(({ command }) => command.includes(part))?.pid ?? ''),
  );
};

interface Drained {
  rows: string[][];
  ms: number;
  statusMs: number[];
}

/** Looks until all is `Success`; a row each time that another part of the whole is. */
const drain = async (system: System, admin: Admin, count: number, logs: Logs): Promise<Drained> => {
  const before = await admin.callsOfOthers();
  const drained: Drained = { rows: [], ms: 0, statusMs: [] };
  const began = performance.now();
  let told = -1;
  let [last, movedAt] = [0, began];
  let isToldWhy = false;
  for (let done = 0; done < count;) {
    await pause(LOOK_MS);
    done = count - (await admin.unsynced());
    drained.statusMs.push(await statusMs(system));
    drained.ms = performance.now() - began;
    if (done > last) [last, movedAt, isToldWhy] = [done, performance.now(), false];
    const quietMs = performance.now() - movedAt;
    if (quietMs > QUIET_MS && !isToldWhy) {
      isToldWhy = true;
      print(`  ${done} of ${count} are Success, and for a minute no more:\n${await standing(system, admin, logs)}`);
    }
    if (quietMs > PATIENCE_MS) throw new Error(`${done} of ${count} are Success, and no more`);
    if (Math.floor((done * LINES) / count) === told) continue;
    told = Math.floor((done * LINES) / count);
    drained.rows.push([
      secondsOf(drained.ms),
      `${Math.round((100 * done) / count)}%`,
      String((await admin.callsOfOthers()) - before),
      ...memoryOfParts().map(sizeOf),
      `${drained.statusMs.at(-1)!.toFixed(0)} ms`,
    ]);
  }
  return drained;
};

export const benchOutage = async (quick: boolean): Promise<void> => {
  const asked = process.argv.map((arg) => /^--cases=(\d+)$/.exec(arg)?.[1]).find(Boolean);
  const count = asked ? Number(asked) : quick ? CASES_QUICK : CASES;
  const server = await openServer();
  try {
    const logs = new Logs();
    const system = await startSystem({ killableOrg: true, onLog: (part, line) => logs.note(part, line) });
    try {
      await system.external.control.post('/control/downtime', { ms: NEVER_MS });
      const admin = new Admin(system);
      const values = await caseValues(count);
      const before = await admin.callsOfOthers();
      const began = performance.now();
      await admin.save('POST', values);
      const inOutage = (await admin.callsOfOthers()) - before;
      print(
        `outage: ${count.toLocaleString('en')} Cases saved in ${secondsOf(performance.now() - began)} while the registry was away (${inOutage} API calls), databases on ${server.kind}`,
      );
      await system.external.control.post('/control/downtime', { ms: 0 });
      const { rows, ms, statusMs: asks } = await drain(system, admin, count, logs);
      printTable(['after', 'Success', 'calls', ...Object.keys(PARTS), '/v1/status'], rows);
      const late = asks.filter((each) => each > MAX_STATUS_MS).length;
      print(
        `  all in ${secondsOf(ms)}, ${Math.round(count / (ms / 1_000))} a second; /v1/status took more than ${MAX_STATUS_MS} ms ${late} of ${asks.length} times`,
      );
    } finally {
      await system.stop();
    }
  } finally {
    await server.remove();
  }
};
