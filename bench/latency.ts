/**
 * How long from the save of a Case to its `Success`, as a multiple of the external system's own latency, at 1, 10,
 * 100 and 200 Cases a second, and how many are synced a second then? Cases are saved one by one at moments drawn
 * beforehand, however the system keeps up, and time counts from those moments. Nobody watches meanwhile: afterwards the
 * middle layer's audit trail tells when it had Salesforce's answer to what made the Case `Success` (so a little late),
 * and how long the external system took from being handed a request to handing over its answer. The last includes an
 * injected latency, and how long work waits in the external system. A new Case needs two exchanges with it: no multiple
 * can be below two.
 */
import type { System } from '../src/flows/cases/told/system.ts';
import type { Values } from '../src/shared/case-messages.ts';
import { seededRandom } from 'kernel/random.ts';
import { Admin } from './support/admin.ts';
import { caseValues } from './support/cases.ts';
import { print, printTable, quantile, secondsOf, timesOf } from './support/figures.ts';
import { allCarried, allSynced } from './support/settled.ts';
import { readTrails, type AuditEntry } from './support/trails.ts';

const INJECTED_MS = 200;
/** Cases a second, and for how many seconds. */
interface Load {
  rate: number;
  seconds: number;
}
const LOADS: readonly Load[] = [
  { rate: 1, seconds: 60 },
  { rate: 10, seconds: 30 },
  { rate: 100, seconds: 10 },
  { rate: 200, seconds: 5 },
];
/** Saved before anything is measured: the first requests of a process wait for its code to be compiled. */
const WARM_UP: Load = { rate: 5, seconds: 4 };
const LOADS_QUICK: readonly Load[] = [
  { rate: 1, seconds: 5 },
  { rate: 10, seconds: 3 },
  { rate: 100, seconds: 0.4 },
];

interface Saved {
  /** When the save was due, in epoch milliseconds. */
  dueAt: number;
  id: string;
}

/** Saves each Case when it is due, whether or not the ones before are done: at a random moment of its share of the time. */
const saveAtRate = async (admin: Admin, values: Values[], rate: number): Promise<Saved[]> => {
  const began = Date.now();
  // at equal distances they would keep step with the pauses between sweeps
  const random = seededRandom(rate);
  const moments = values.map((_, i) => began + ((i + random.next()) * 1_000) / rate);
  return Promise.all(
    values.map(async (fields, i) => {
      const dueAt = moments[i]!;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - Date.now())));
      return { dueAt, id: (await admin.create(fields)).id };
    }),
  );
};

interface Times {
  /** From the save to `Success`. */
  whole: number;
  /** From handing the request to the external system to its answer. */
  external: number;
}

const timesIn = (trail: AuditEntry[], dueAt: number): Times => {
  const at = (kind: string, outcome: string): AuditEntry => {
    const entry = trail.find((candidate) => candidate.kind === kind && candidate.outcome === outcome);
    if (!entry) throw new Error(`the audit trail of a Case has no ${kind} ${outcome}: ${JSON.stringify(trail)}`);
    return entry;
  };
  const request = at('request', 'ACCEPTED');
  const handedOver = Date.parse(request.at) - request.durationMs!;
  return {
    whole: Date.parse(at('writeBackConfirmed', 'APPLIED').at) - dueAt,
    external: Date.parse(at('record', 'QUEUED').at) - handedOver,
  };
};

/** Saves as many Cases, and waits until all that follows from them is done. */
const carry = async (system: System, admin: Admin, { rate, seconds }: Load): Promise<Saved[]> => {
  const saved = await saveAtRate(admin, await caseValues(rate * seconds), rate);
  await allSynced(admin);
  await allCarried(system);
  return saved;
};

const measure = async (system: System, admin: Admin, load: Load): Promise<string[]> => {
  const saved = await carry(system, admin, load);
  const trails = await readTrails(system, admin, saved);
  const times = saved.map(({ id, dueAt }) => timesIn(trails.get(id)!, dueAt));
  const own = quantile(
    times.map(({ external }) => external),
    0.5,
  );
  const whole = times.map((time) => time.whole);
  const lastAt = Math.max(...times.map((time, i) => saved[i]!.dueAt + time.whole));
  const synced = saved.length / ((lastAt - saved[0]!.dueAt) / 1_000);
  const [p50, p99] = [quantile(whole, 0.5), quantile(whole, 0.99)];
  return [
    String(load.rate),
    String(saved.length),
    synced.toFixed(1),
    secondsOf(own),
    `${secondsOf(p50)}, ${secondsOf(p99)}`,
    `${timesOf(p50 / own)}, ${timesOf(p99 / own)}`,
    `${timesOf(p50 / INJECTED_MS)}, ${timesOf(p99 / INJECTED_MS)}`,
  ];
};

export const benchLatency = async (quick: boolean, system: System): Promise<void> => {
  const loads = quick ? LOADS_QUICK : LOADS;
  const admin = new Admin(system);
  await system.external.control.post('/control/faults', { latencyMs: INJECTED_MS });
  const rows: string[][] = [];
  try {
    await carry(system, admin, WARM_UP);
    for (const load of loads) rows.push(await measure(system, admin, load));
  } finally {
    await system.external.control.post('/control/faults', { latencyMs: 0 });
  }
  print(`latency: save to Success, the external system slowed by ${INJECTED_MS} ms an exchange`);
  printTable(
    [
      'saved a second',
      'Cases',
      'synced a second',
      'its own latency p50',
      'save to Success p50, p99',
      'as a multiple of its own',
      `of the ${INJECTED_MS} ms`,
    ],
    rows,
  );
};
