/**
 * How much does a proof of equality cost? n records, d differing elements (a missing record is one, a
 * changed one two), by digests, against (a) extracting everything and comparing, (b) bisection over the
 * same sums by key range, (c) the bound of log2 C(n, d) bits. API calls and bytes are exact for the
 * texts that would cross; they do not depend on the machine. Confirming reads are counted apart.
 */
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import {
  cellsOf,
  elementOf,
  LARGE_CELLS,
  LARGE_TABLES,
  SMALL_CELLS,
  SMALL_TABLES,
  type Element,
} from '../src/reconciliation/digest/element.ts';
import { addTo, emptyCell, peel, subtract, type Cell, type Table } from '../src/reconciliation/digest/peel.ts';
import { randomUuid, seededRandom } from '../src/shared/random.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const DIFFERENCES = [0, 1, 10, 100, 1_000, 6_000];
const QUERIES_PER_CALL = 5;
const ROWS_PER_PAGE = 2_000;

interface Cost {
  calls: number;
  bytes: number;
  gzip: number;
}

/** A row of a GROUP BY as the REST API writes it. */
const rowText = (cell: number | null, { count, k1, k2, d, c }: Cell): string =>
  JSON.stringify({
    attributes: { type: 'AggregateResult' },
    ...(cell === null ? {} : { cell: String(cell) }),
    n: count,
    k1,
    k2,
    d,
    c,
  });

const queryText = (rows: string[]): string =>
  `{"body":{"totalSize":${rows.length},"done":true,"records":[${rows.join(',')}]},"httpHeaders":{},"httpStatusCode":200,"referenceId":"q0"}`;

const costOf = (bodies: string[], calls: number): Cost => {
  const text = `{"compositeResponse":[${bodies.join(',')}]}`;
  return { calls, bytes: Buffer.byteLength(text), gzip: gzipSync(text).length };
};

const add = (a: Cost, b: Cost): Cost => ({ calls: a.calls + b.calls, bytes: a.bytes + b.bytes, gzip: a.gzip + b.gzip });

const tablesOf = (elements: Element[], cells: number[][], tables: number, fold: number): Table[] => {
  const result: Table[] = Array.from({ length: tables }, () => new Map());
  elements.forEach((element, i) =>
    result.forEach((table, number) => addTo(table, cells[i]![number]! % fold, element, 1)),
  );
  return result;
};

const tableText = (table: Table): string => queryText([...table].map(([cell, sums]) => rowText(cell, sums)));

const total = (elements: Element[]): Cell => {
  const sum = emptyCell();
  for (const { k1, k2, d, c } of elements) {
    sum.count++;
    sum.k1 += k1;
    sum.k2 += k2;
    sum.d += d;
    sum.c += c;
  }
  return sum;
};

const same = (a: Cell, b: Cell): boolean =>
  a.count === b.count && a.k1 === b.k1 && a.k2 === b.k2 && a.d === b.d && a.c === b.c;

/** Sorted by k1, with prefix sums, so that the sums of any range are at hand. */
class Ranges {
  readonly #keys: Float64Array;
  readonly #sums: Record<'k1' | 'k2' | 'd' | 'c', Float64Array>;

  constructor(elements: Element[]) {
    const sorted = [...elements].sort((a, b) => a.k1 - b.k1);
    const prefix = (name: 'k1' | 'k2' | 'd' | 'c'): Float64Array => {
      const sums = new Float64Array(sorted.length + 1);
      sorted.forEach((element, i) => (sums[i + 1] = sums[i]! + element[name]));
      return sums;
    };
    this.#keys = Float64Array.from(sorted, ({ k1 }) => k1);
    this.#sums = { k1: prefix('k1'), k2: prefix('k2'), d: prefix('d'), c: prefix('c') };
  }

  #first(at: number): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  sum(from: number, to: number): Cell {
    const [a, b] = [this.#first(from), this.#first(to)];
    const of = (name: 'k1' | 'k2' | 'd' | 'c'): number => this.#sums[name][b]! - this.#sums[name][a]!;
    return { count: b - a, k1: of('k1'), k2: of('k2'), d: of('d'), c: of('c') };
  }
}

/** Level by level: halves of the ranges that differ, five sums a call, until a range holds at most one record. */
const bisect = (ours: Ranges, theirs: Ranges): Cost => {
  let cost: Cost = { calls: 0, bytes: 0, gzip: 0 };
  let level: [number, number][] = [[0, 1_000_000_000]];
  while (level.length > 0) {
    const bodies = level.map(([from, to]) => queryText([rowText(null, ours.sum(from, to))]));
    cost = add(cost, costOf(bodies, Math.ceil(level.length / QUERIES_PER_CALL)));
    level = level.flatMap(([from, to]): [number, number][] => {
      const [a, b] = [ours.sum(from, to), theirs.sum(from, to)];
      if (same(a, b) || Math.max(a.count, b.count) <= 1 || to - from <= 1) return [];
      const middle = Math.floor((from + to) / 2);
      return [
        [from, middle],
        [middle, to],
      ];
    });
  }
  return cost;
};

/** What Bulk 2.0 would return of these records: key, version and synced fields as CSV. Real values, repeated. */
const extraction = (records: number): Cost => {
  const rows = parse<Record<string, string>>(readFileSync(new URL('../data/nyc311-100.csv', import.meta.url)), {
    columns: true,
  });
  const random = seededRandom(1);
  const wanted = [
    'Complaint Type',
    'Descriptor',
    'Status',
    'Agency',
    'Incident Address',
    'Incident Zip',
    'City',
    'Borough',
    'Created Date',
    'Due Date',
    'Latitude',
    'Longitude',
    'Resolution Description',
  ];
  const sample = Array.from({ length: 2_000 }, (_, i) =>
    [randomUuid(random), i, ...wanted.map((name) => `"${rows[i % rows.length]![name]}"`)].join(','),
  ).join('\n');
  const scale = records / 2_000;
  return {
    calls: Math.ceil(records / 50_000) + 2,
    bytes: Math.round(Buffer.byteLength(sample) * scale),
    gzip: Math.round(gzipSync(sample).length * scale),
  };
};

const logChoose = (n: number, d: number): number => {
  let bits = 0;
  for (let i = 0; i < d; i++) bits += Math.log2((n - i) / (d - i));
  return bits;
};

const sizeOf = (bytes: number): string =>
  bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes > 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`;

/** Runs the comparison; prints a table. Throws when a difference was missed or invented. */
export const benchDigest = (quick: boolean): void => {
  process.stdout.write('digest: bytes of sums against extraction and bisection\n');
  process.stdout.write(
    '  n        d      calls  bytes      gzip       extraction/digest (gzip)  bisection: calls, bytes  bytes/bound  confirming reads\n',
  );
  for (const n of quick ? SIZES.slice(0, 1) : SIZES) {
    const random = seededRandom(n);
    const keys = Array.from({ length: n + 6_000 }, () => randomUuid(random));
    const base = keys.slice(0, n).map((key) => elementOf(key, 'one'));
    const cells = base.map(cellsOf);
    const full = extraction(n);
    const ours = {
      total: total(base),
      small: tablesOf(base, cells, SMALL_TABLES, SMALL_CELLS),
      large: tablesOf(base, cells, LARGE_TABLES, LARGE_CELLS),
      ranges: new Ranges(base),
    };
    for (const d of DIFFERENCES) {
      // a third missing outside, the rest changed there
      const missing = d === 1 ? 1 : Math.floor(d / 3) - (Math.floor(d / 3) % 2 === d % 2 ? 0 : 1);
      const lost = Math.max(missing, 0);
      const changed = (d - lost) / 2;
      const theirs = base.slice(lost).map((element, i) => (i < changed ? elementOf(keys[lost + i]!, 'two') : element));
      const theirCells = theirs.map((element, i) => (i < changed ? cellsOf(element) : cells[lost + i]!));
      const began = performance.now();
      let cost = costOf([queryText([rowText(null, ours.total)])], 1);
      let found = 0;
      let decoded = same(ours.total, total(theirs));
      for (const [set, tables, fold] of [
        ['small', SMALL_TABLES, SMALL_CELLS],
        ['large', LARGE_TABLES, LARGE_CELLS],
      ] as const) {
        if (decoded) break;
        cost = add(cost, costOf(ours[set].map(tableText), 1));
        const other = tablesOf(theirs, theirCells, tables, fold);
        const peeled = peel(
          ours[set].map((table, i) => subtract(table, other[i]!)),
          fold,
        );
        decoded = peeled.residue === 0;
        found = decoded ? peeled.first.length + peeled.second.length : 0;
      }
      if (!decoded || found !== d) throw new Error(`n=${n} d=${d}: found ${found}`);
      const time = performance.now() - began;
      const halves = bisect(ours.ranges, new Ranges(theirs));
      const bound = logChoose(n, d) / 8;
      const row = [
        String(n).padEnd(8),
        String(d).padEnd(6),
        String(cost.calls).padEnd(6),
        sizeOf(cost.bytes).padEnd(10),
        sizeOf(cost.gzip).padEnd(10),
        `${(full.bytes / cost.bytes).toFixed(0)}x (${(full.gzip / cost.gzip).toFixed(0)}x)`.padEnd(25),
        `${halves.calls}, ${sizeOf(halves.bytes)}`.padEnd(24),
        (d === 0 ? '–' : `${(cost.bytes / bound).toFixed(0)}x`).padEnd(12),
        `${Math.ceil((lost + changed) / 1_000)} calls`,
      ];
      process.stdout.write(`  ${row.join(' ')}  (${time.toFixed(0)} ms here)\n`);
    }
    process.stdout.write(
      `           extraction of ${n}: ${full.calls} calls, ${sizeOf(full.bytes)}, gzip ${sizeOf(full.gzip)}; a page of REST queries: ${Math.ceil(n / ROWS_PER_PAGE)} calls\n`,
    );
  }
};
