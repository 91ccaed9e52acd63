import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellsOf, elementOf, type Element } from '../../../src/shared/digest/element.ts';
import { addTo, emptyCell, totals, type Table } from '../../../src/reconciliation/digest/peel.ts';
import { findCandidates } from '../../../src/reconciliation/find/candidates.ts';
import { salesforceSide } from '../../../src/reconciliation/sides/salesforce.ts';
import { partsOf, WHOLE_RANGE, type DigestSide, type Range } from '../../../src/reconciliation/types.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';

/** A side that sums its elements. `torn` makes the first reads inconsistent, as changes between subqueries would. */
const sideOf = (elements: Element[], torn = 0): DigestSide & { reads: number } => {
  const side = {
    reads: 0,
    totals: async (parts: number) => {
      const table: Table = new Map();
      const width = partsOf(parts)[0]!.to;
      for (const element of elements) addTo(table, Math.floor(element.k1 / width), element, 1);
      return partsOf(parts).map((_, part) => table.get(part) ?? emptyCell());
    },
    tables: async (count: number, fold: number, { from, to }: { from: number; to: number }) => {
      side.reads++;
      const tables: Table[] = Array.from({ length: count }, () => new Map());
      for (const element of elements) {
        if (element.k1 < from || element.k1 >= to) continue;
        const cells = cellsOf(element);
        tables.forEach((table, number) => addTo(table, cells[number]! % fold, element, 1));
      }
      if (side.reads <= torn) tables[0]!.delete([...tables[0]!.keys()][0]!);
      return tables;
    },
  };
  return side;
};

const keysOf = (count: number, seed = 1): string[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => randomUuid(random));
};

const ds = (elements: Element[]): number[] => elements.map(({ d }) => d).sort((a, b) => a - b);

test('equal sides cost one row each', async () => {
  const elements = keysOf(300).map((key) => elementOf(key, 'x'));
  const found = await findCandidates(sideOf(elements), sideOf(elements.toReversed()));
  assert.deepEqual(found.reads, { totals: 1, small: 0, large: 0 });
  assert.deepEqual([...found.salesforce, ...found.external], []);
});

test('a few differences are found in the small tables, many in the large, too many by partition', async () => {
  for (const [changed, expected] of [
    [40, { totals: 1, small: 1, large: 0 }],
    [2_500, { totals: 1, small: 1, large: 1 }],
    [5_000, { totals: 1, small: 1, large: 5 }],
  ] as const) {
    const keys = keysOf(6_000, changed);
    const ours = keys.map((key) => elementOf(key, 'x'));
    const theirs = keys.map((key, index) => elementOf(key, index < changed ? 'y' : 'x'));
    const found = await findCandidates(sideOf(ours), sideOf(theirs));
    assert.deepEqual(found.reads, expected, `${changed} changed`);
    assert.deepEqual(ds(found.salesforce), ds(ours.slice(0, changed)));
    assert.deepEqual(ds(found.external), ds(theirs.slice(0, changed)));
  }
});

test('tables that belong to different moments are read again, up to three times', async () => {
  const ours = keysOf(50).map((key) => elementOf(key, 'x'));
  const torn = sideOf(ours, 2);
  const found = await findCandidates(torn, sideOf(ours.slice(1)));
  assert.equal(torn.reads, 3);
  assert.deepEqual(ds(found.salesforce), ds(ours.slice(0, 1)));
});

test('Salesforce is asked for every table in one call, with the null group filtered out', async () => {
  const calls: string[][] = [];
  const side = salesforceSide(async (queries) => {
    calls.push(queries);
    return queries.map(() => [{ cell: '7', n: 2, k1: 3, k2: 4, d: 5, c: 6 }]);
  }, 'Case');
  const tables = await side.tables(5, 2_000, { from: 5, to: 9 });
  assert.equal(calls.length, 1);
  assert.equal(calls[0]!.length, 5);
  assert.match(
    calls[0]![4]!,
    /^SELECT Digest_Large_5__c cell, COUNT\(Id\) n, .* FROM Case WHERE Digest_K1__c >= 5 AND Digest_K1__c < 9 AND Digest_Large_5__c != null GROUP BY Digest_Large_5__c$/,
  );
  assert.deepEqual(totals(tables[0]!), { count: 2, k1: 3, k2: 4, d: 5, c: 6 });
});

test('parts of the keys are summed each for itself, and only those that differ are looked at again', async () => {
  const keys = keysOf(4_000, 7);
  const ours = keys.map((key) => elementOf(key, 'x'));
  const theirs = keys.map((key, index) => elementOf(key, index < 3 ? 'y' : 'x'));
  const [salesforce, external] = [sideOf(ours), sideOf(theirs)];
  const found = await findCandidates(salesforce, external, 20);
  const width = WHOLE_RANGE.to / 20;
  const touched = new Set(ours.slice(0, 3).map(({ k1 }) => Math.floor(k1 / width))).size;
  assert.deepEqual(found.reads, { totals: 20, small: touched, large: 0 });
  assert.deepEqual(ds(found.salesforce), ds(ours.slice(0, 3)));
  assert.deepEqual(ds(found.external), ds(theirs.slice(0, 3)));
  assert.deepEqual(
    found.totals,
    (await findCandidates(sideOf(ours), sideOf(theirs))).totals,
    'all parts together are the whole',
  );
});

test('Salesforce sums each part by a query of its own that leads with the indexed K1', async () => {
  const asked: string[] = [];
  const side = salesforceSide(async (queries) => {
    asked.push(...queries);
    return queries.map(() => [{ n: 1, k1: 2, k2: 3, d: 4, c: 5 }]);
  }, 'Case');
  assert.equal((await side.totals(3)).length, 3);
  const bounds = asked.map((soql) =>
    /WHERE Digest_K1__c >= (\d+) AND Digest_K1__c < (\d+)$/.exec(soql)!.slice(1).map(Number),
  );
  assert.deepEqual(
    bounds.map(([from, to]): Range => ({ from: from!, to: to! })),
    partsOf(3),
  );
});
