/**
 * What do failing ads cost the others, and how many bookings does the usage flow carry? From the desk of the service team
 * into the org, all parts in this process. One run with and one without failing ads, in turns; then many contracts at once,
 * while somebody holds one of them now and then.
 */
import { print, printTable, secondsOf } from './support/figures.ts';
import { UsageBench, type Arrived } from './support/usage.ts';

const BOOKINGS = 10_000;
const BOOKINGS_QUICK = 600;
const WARM_UP = 400;
/** One of so many ads fails. */
const FAILING = 100;
const [CONTRACTS, BOOKINGS_EACH] = [100, 1_000];
const [CONTRACTS_QUICK, BOOKINGS_EACH_QUICK] = [20, 100];
/** In each so-manieth turn a contract is held. */
const HOLD = 3;
const MAX_CALLS = 10;

/** Books, and lets all good ads arrive. */
const arrive = async (bookings: number, failing: number): Promise<Arrived> => {
  const bench = await UsageBench.open(1);
  try {
    await bench.refuseFailing();
    await bench.book(bookings, failing);
    return await bench.run(bookings - Math.floor(bookings / failing));
  } finally {
    await bench.close();
  }
};

const failingAds = async (bookings: number): Promise<void> => {
  // the first run of a process is slower than the others, whatever it does
  await arrive(WARM_UP, FAILING);
  const none = await arrive(bookings, Infinity);
  const some = await arrive(bookings, FAILING);
  const perGood = ({ entries, ms }: Arrived): number => ms / entries;
  print(`usage: until every good one of ${bookings.toLocaleString('en')} bookings is entered`);
  printTable(
    ['failing', 'good ones', 'API calls', 'CPU time', 'for each good one, times'],
    [
      ['none', none],
      ['1%', some],
    ].map(([name, arrived]) => {
      const { entries, apiCalls, ms } = arrived as Arrived;
      const times = perGood(arrived as Arrived) / perGood(none);
      return [name as string, String(entries), String(apiCalls), secondsOf(ms), times.toFixed(2)];
    }),
  );
};

const manyContracts = async (contracts: number, each: number): Promise<void> => {
  const bench = await UsageBench.open(contracts);
  try {
    const bookings = contracts * each;
    await bench.book(bookings);
    const { apiCalls, ms } = await bench.run(bookings, { hold: HOLD });
    const calls = (apiCalls / bookings) * 1_000;
    print(
      `  ${contracts} contracts x ${each} bookings: ${Math.round(bookings / (ms / 1_000))} bookings a second of CPU time, ` +
        `${calls.toFixed(1)} API calls for 1,000 bookings, ${await bench.locksMet()} ads put off by a lock`,
    );
    if (calls > MAX_CALLS) throw new Error(`1,000 bookings take ${calls.toFixed(1)} API calls, more than ${MAX_CALLS}`);
  } finally {
    await bench.close();
  }
};

export const benchUsage = async (quick: boolean): Promise<void> => {
  await failingAds(quick ? BOOKINGS_QUICK : BOOKINGS);
  if (quick) await manyContracts(CONTRACTS_QUICK, BOOKINGS_EACH_QUICK);
  else await manyContracts(CONTRACTS, BOOKINGS_EACH);
};
