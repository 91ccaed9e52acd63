/**
 * What does an outage of the external system cost while Cases go on being saved, and how is the backlog carried after
 * it? The real parts in one process on one clock: API calls of four hours of outage with a small and a large backlog,
 * then the calls, the time and the memory that it takes until every Case is `Success`, and how much was finished when
 * half of the requests had left.
 */
import { openStage } from '../src/simulation/stage.ts';
import { Play } from '../src/simulation/play.ts';
import type { World } from '../src/simulation/world.ts';
import { simulatedCases } from '../src/flows/cases/simulated/index.ts';
import { caseValues } from './support/cases.ts';
import { print, printTable, secondsOf, sizeOf } from './support/figures.ts';

const SIZES = [1_000, 20_000];
const SIZES_QUICK = [200, 2_000];
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OUTAGE_HOURS = 4;
/** The org is asked every 15 minutes; what finds out that the other side is away comes on top. */
const MAX_CALLS = OUTAGE_HOURS * 4 + 4;

const save = async (world: World, count: number): Promise<void> => {
  const values = await caseValues(count);
  for (let first = 0; first < count; first += 200)
    await world.salesforce('POST', '/composite/sobjects', {
      allOrNone: true,
      records: values.slice(first, first + 200).map((fields) => ({ attributes: { type: 'Case' }, ...fields })),
    });
};

const calls = async (world: World): Promise<number> =>
  (await world.db.query<{ value: number }>("SELECT value FROM counter WHERE name = 'salesforceApiCalls'"))[0]?.value ??
  0;

const withStatus = async (world: World, status: string): Promise<number> =>
  (await world.query<{ n: number }>(`SELECT COUNT(Id) n FROM Case WHERE Sync_Status__c = '${status}'`))[0]!.n;

const recordsOutside = async (world: World): Promise<number> =>
  (await world.db.query<{ n: number }>('SELECT count(*) AS n FROM case_record'))[0]!.n;

interface Carried {
  calls: number;
  ms: number;
  finishedAtHalf: number;
  mostMemory: number;
}

const carry = async (world: World, count: number, outageEnds: number): Promise<Carried> => {
  const before = await calls(world);
  const began = performance.now();
  let finishedAtHalf = -1;
  let mostMemory = 0;
  for (let done = 0; done < count; done = await withStatus(world, 'Success')) {
    await world.round();
    await world.clock.advance(SECOND);
    mostMemory = Math.max(mostMemory, process.memoryUsage().rss);
    if (finishedAtHalf < 0 && (await recordsOutside(world)) >= count / 2) finishedAtHalf = done;
    if (world.clock.now() > outageEnds + 24 * 60 * MINUTE)
      throw new Error(`a day after the outage ${done} of ${count} Cases are Success`);
  }
  return { calls: (await calls(world)) - before, ms: performance.now() - began, finishedAtHalf, mostMemory };
};

export const benchBacklog = async (quick: boolean): Promise<void> => {
  const stage = await openStage([simulatedCases]);
  try {
    const rows: string[][] = [];
    for (const count of quick ? SIZES_QUICK : SIZES) {
      const play = await Play.open(1, stage, [simulatedCases], { isJudged: false });
      const { world } = play;
      const outageEnds = world.clock.now() + OUTAGE_HOURS * 60 * MINUTE;
      play.flows[0]!.scene.faults.downUntil = outageEnds;
      await save(world, count);
      while (world.clock.now() < outageEnds) {
        await world.round();
        await world.clock.advance(10 * SECOND);
      }
      const inOutage = await calls(world);
      const carried = await carry(world, count, outageEnds);
      play.close();
      rows.push([
        count.toLocaleString('en'),
        String(inOutage),
        String(carried.calls),
        `${(carried.calls / (count / 1_000)).toFixed(1)}`,
        `${Math.round((100 * carried.finishedAtHalf) / count)}%`,
        secondsOf(carried.ms),
        `${Math.round(count / (carried.ms / 1_000))}`,
        sizeOf(carried.mostMemory),
      ]);
      if (inOutage > MAX_CALLS)
        throw new Error(`${inOutage} API calls in ${OUTAGE_HOURS} hours of outage; at most ${MAX_CALLS}`);
    }
    print(`backlog: ${OUTAGE_HOURS} hours without the external system, then until every Case is Success`);
    printTable(
      ['Cases', 'calls in the outage', 'after it', 'per 1,000', 'finished at half', 'time', 'a second', 'memory'],
      rows,
    );
  } finally {
    await stage.close();
  }
};
