/**
 * What does it cost to prove that usage entries and bookings agree, and to find those that do not, against reading all
 * entries? The org, the middle layer and the service application in this process; the entries come about as they do for
 * people. Calls and bytes are Salesforce's and do not depend on the machine; reading is of Salesforce's side alone.
 */
import { findCandidates } from '../src/reconciliation/find/candidates.ts';
import { externalSide } from '../src/reconciliation/sides/external.ts';
import { salesforceSide } from '../src/reconciliation/sides/salesforce.ts';
import { comparedEntry } from '../src/flows/usage/compared/entry.ts';
import { ENTRY_TYPES } from '../src/shared/usage-entry.ts';
import { print, printTable, sizeOf, timesOf } from './support/figures.ts';
import { UsageBench, type ComparedSides } from './support/usage.ts';

const ENTRIES = 10_000;
const ENTRIES_QUICK = 400;
const DIFFERENCES = [0, 10, 100];
const { object, inside } = comparedEntry;

interface Cost {
  calls: number;
  bytes: number;
  ms: number;
}

const costOf = async (sides: ComparedSides, expected: number, work: () => Promise<number>): Promise<Cost> => {
  const [calls, bytes, began] = [sides.client.calls, sides.received(), performance.now()];
  const found = await work();
  if (found !== expected) throw new Error(`${found} were found of ${expected}`);
  return { calls: sides.client.calls - calls, bytes: sides.received() - bytes, ms: performance.now() - began };
};

const byDigests = async ({ client, external }: ComparedSides): Promise<number> => {
  const { salesforce, external: theirs } = await findCandidates(
    salesforceSide((queries) => client.composite(queries), object),
    externalSide((path) => external('GET', path)),
  );
  return salesforce.length + theirs.length;
};

const byReading = async ({ client }: ComparedSides): Promise<number> => {
  const columns = [inside.key, ...Object.keys(ENTRY_TYPES)].join(', ');
  return (await client.query(`SELECT ${columns} FROM ${object} WHERE ${inside.synced}`)).length;
};

export const benchUsageDigest = async (quick: boolean): Promise<void> => {
  const entries = quick ? ENTRIES_QUICK : ENTRIES;
  const bench = await UsageBench.open(1);
  try {
    await bench.book(entries);
    await bench.run(entries);
    await bench.settle();
    const sides = bench.compared();
    const read = await costOf(sides, entries, () => byReading(sides));
    const rows: string[][] = [];
    let lost = 0;
    for (const d of DIFFERENCES) {
      await bench.loseBookings(d - lost);
      lost = d;
      const { calls, bytes, ms } = await costOf(sides, d, () => byDigests(sides));
      rows.push([String(d), String(calls), sizeOf(bytes), timesOf(read.bytes / bytes), timesOf(read.ms / ms)]);
    }
    print(
      `usage-digest: ${entries.toLocaleString('en')} usage entries against the bookings of the service application; ` +
        `reading the entries takes ${read.calls} calls and ${sizeOf(read.bytes)}`,
    );
    printTable(['differ', 'calls', 'bytes', 'reading/digests, bytes', 'reading/digests, time'], rows);
  } finally {
    await bench.close();
  }
};
