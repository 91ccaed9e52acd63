/**
 * How many deliveries of platform events, and how many API calls, does a day of changes take? The real parts in one
 * process on one clock, with the events of the org: for some minutes a person saves a Case so many times a minute, each
 * in a transaction of its own. Events are counted as they are delivered to the middle layer; a day is computed from them,
 * after so many minutes that the looks which come sooner than they have to are used up (`eagerLooksADay`).
 * Without coalescing there was one for each save.
 */
import { openStage } from '../src/simulation/stage.ts';
import { Play } from '../src/simulation/play.ts';
import type { World } from '../src/simulation/world.ts';
import { simulatedCases } from '../src/flows/cases/simulated/index.ts';
import { caseValues } from './support/cases.ts';
import { print, printTable } from './support/figures.ts';

const RATES = [1, 6, 15, 60, 600];
const RATES_QUICK = [1, 60];
const MINUTES = 10;
const MINUTES_QUICK = 3;
/** Saves before anything is counted. */
const BEFORE = 5;
const SECOND = 1_000;
const TICKS_A_SECOND = 10;
const MINUTES_A_DAY = 24 * 60;
/** What may be delivered in a day in Enterprise Edition ("Platform Event Allocations"). */
const ALLOWANCE = 25_000;

const counters = async (world: World): Promise<{ events: number; calls: number }> => {
  const rows = await world.db.query<{ name: string; value: number }>(
    "SELECT name, value FROM counter WHERE name IN ('eventDeliveries', 'salesforceApiCalls')",
  );
  const of = (name: string): number => rows.find((row) => row.name === name)?.value ?? 0;
  return { events: of('eventDeliveries'), calls: of('salesforceApiCalls') };
};

export const benchEvents = async (quick: boolean): Promise<void> => {
  const stage = await openStage([simulatedCases]);
  const minutes = quick ? MINUTES_QUICK : MINUTES;
  try {
    const rows: string[][] = [];
    for (const rate of quick ? RATES_QUICK : RATES) {
      const play = await Play.open(1, stage, [simulatedCases], { stream: true, isJudged: false });
      const { world } = play;
      const values = await caseValues(rate * (BEFORE + minutes));
      const wait = async (): Promise<void> => {
        await world.round();
        await world.clock.advance(SECOND / TICKS_A_SECOND);
      };
      for (let tick = 0; tick < 60 * TICKS_A_SECOND; tick++) await wait();
      let next = 0;
      /** Saves Cases at the rate; returns how many. */
      const save = async (during: number): Promise<number> => {
        const ticks = during * 60 * TICKS_A_SECOND;
        const first = next;
        for (let tick = 0; tick < ticks; tick++) {
          for (; next - first < (tick * rate * during) / ticks; next++)
            await world.salesforce('POST', '/sobjects/Case', values[next]!);
          await wait();
        }
        return next - first;
      };
      await save(BEFORE);
      const before = await counters(world);
      const saved = await save(minutes);
      const after = await counters(world);
      play.close();
      const [events, calls] = [after.events - before.events, after.calls - before.calls];
      const daily = (count: number): number => Math.round((count * MINUTES_A_DAY) / minutes);
      rows.push(
        [
          rate,
          daily(saved),
          events,
          daily(events),
          `${Math.round((100 * daily(events)) / ALLOWANCE)}%`,
          daily(calls),
        ].map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
      );
      if (rate >= 60 && events > saved / 4) throw new Error(`${events} events for ${saved} saves`);
    }
    print(`events: saves of one Case each, for ${minutes} minutes`);
    printTable(
      [
        'saves a minute',
        'a day',
        'events delivered',
        'a day',
        `of ${ALLOWANCE.toLocaleString('en')}`,
        'API calls a day',
      ],
      rows,
    );
  } finally {
    await stage.close();
  }
};
