/**
 * What do failing ads cost the others, and how many bookings does the usage flow carry? From the desk of the service team
 * into the org, all parts in this process. One run with and one without failing ads, turn by turn beside each other, so that what
 * else the machine does slows both; then many contracts at once, while somebody holds one of them now and then.
 */
import { print, printTable, secondsOf } from './support/figures.ts';
import { runBeside, UsageBench, type Arrived } from './support/usage.ts';

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

/** A good one's CPU time may be so many times that of one among none that fail. */
const MAX_TIMES = 1.05;

const booked = async (bookings: number, failing: number): Promise<{ bench: UsageBench; until: number }> => {
  const bench = await UsageBench.open(1);
  await bench.refuseFailing();
  await bench.book(bookings, failing);
  return { bench, until: bookings - Math.floor(bookings / failing) };
};

/** The same bookings, of which none fails and of which some do, until all good ones have arrived. */
const arrive = async (bookings: number): Promise<Arrived[]> => {
  const runs = [await booked(bookings, Infinity), await booked(bookings, FAILING)];
  try {
    return await runBeside(runs);
  } finally {
    for (const { bench } of runs) await bench.close();
  }
};

const failingAds = async (bookings: number): Promise<number> => {
  // the first run of a process is slower than the others, whatever it does
  await arrive(WARM_UP);
  const arrived = await arrive(bookings);
  const perGood = arrived.map(({ entries, ms }) => ms / entries);
  print(`usage: until every good one of ${bookings.toLocaleString('en')} bookings is entered`);
  printTable(
    ['failing', 'good ones', 'API calls', 'CPU time', 'for each good one, times'],
    arrived.map(({ entries, apiCalls, ms }, at) => [
      ['none', '1%'][at]!,
      String(entries),
      String(apiCalls),
      secondsOf(ms),
      (perGood[at]! / perGood[0]!).toFixed(2),
    ]),
  );
  return perGood[1]! / perGood[0]!;
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
  const times = await failingAds(quick ? BOOKINGS_QUICK : BOOKINGS);
  if (quick) await manyContracts(CONTRACTS_QUICK, BOOKINGS_EACH_QUICK);
  else await manyContracts(CONTRACTS, BOOKINGS_EACH);
  // a few batches are too few to judge by
  if (!quick && times > MAX_TIMES)
    throw new Error(`a good booking takes ${times.toFixed(2)} times the CPU time when 1% fail, more than ${MAX_TIMES}`);
};
