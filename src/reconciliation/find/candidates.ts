import { LARGE_CELLS, LARGE_TABLES, SMALL_CELLS, SMALL_TABLES, type Element } from '../../shared/digest/element.ts';
import { combined, EXACT_RECORDS } from '../digest/exact.ts';
import { peel, subtract, totals, type Cell, type Table } from '../digest/peel.ts';
import { partsOf, type DigestSide, type Range } from '../types.ts';

/** Reads of tables that do not belong to one moment, before they are decoded anyway: every candidate is confirmed later. */
const ATTEMPTS = 3;
const PIECES = 4;
/** A range that cannot be decoded although it is this narrow is a fault of the sums, not of their size. */
const NARROWEST = 1_000;

export interface Candidates {
  /** Elements that only Salesforce has, and that only the external system has. Not yet discrepancies. */
  salesforce: Element[];
  external: Element[];
  /** The sums of both sides. */
  totals: { salesforce: Cell; external: Cell };
  /** How often tables were read, by set. */
  reads: { totals: number; small: number; large: number };
}

const NUMBERS = ['count', 'k1', 'k2', 'd', 'c'] as const;
const equal = (a: Cell, b: Cell): boolean => NUMBERS.every((name) => a[name] === b[name]);

/** Whether tables can have been read at one moment: each record is in each table once. */
const consistent = (tables: Table[]): boolean => tables.every((table) => equal(totals(table), totals(tables[0]!)));

const readConsistent = async (side: DigestSide, tables: number, fold: number, range: Range): Promise<Table[]> => {
  for (let attempt = 1; ; attempt++) {
    const read = await side.tables(tables, fold, range);
    if (consistent(read) || attempt === ATTEMPTS) return read;
  }
};

/** What one side holds of a part of the keys, and the other. */
interface Part {
  range: Range;
  salesforce: Cell;
  external: Cell;
}

/**
 * Finds the elements in which two sides differ, from sums alone: one row a part of the keys when nothing differs, the
 * small tables of a part when little does, the large ones, and narrower ranges when even those cannot be peeled.
 * Nothing is guessed: what remains undecoded is decoded in narrower ranges. `parts`: so many that a query can sum each
 * (sides/key-range.ts); parts with equal sums are not looked at again.
 */
export const findCandidates = async (salesforce: DigestSide, external: DigestSide, parts = 1): Promise<Candidates> => {
  const [ours, theirs] = [await salesforce.totals(parts), await external.totals(parts)];
  const result: Candidates = {
    salesforce: [],
    external: [],
    totals: { salesforce: combined(ours), external: combined(theirs) },
    reads: { totals: ours.length, small: 0, large: 0 },
  };
  const differing = partsOf(parts)
    .map((range, index): Part => ({ range, salesforce: ours[index]!, external: theirs[index]! }))
    .filter((part) => !equal(part.salesforce, part.external));
  const decoder = new Decoder(salesforce, external, result);
  for (const part of differing) await decoder.part(part);
  return result;
};

/** Decodes ranges into the result. */
class Decoder {
  readonly #salesforce: DigestSide;
  readonly #external: DigestSide;
  readonly #result: Candidates;

  constructor(salesforce: DigestSide, external: DigestSide, result: Candidates) {
    this.#salesforce = salesforce;
    this.#external = external;
    this.#result = result;
  }

  /** A part whose sums differ: the small tables are enough for most. */
  async part({ range, salesforce, external }: Part): Promise<void> {
    const pieces = Math.ceil(Math.max(salesforce.count, external.count) / EXACT_RECORDS);
    if (pieces <= 1 && (await this.#decode('small', range))) return;
    await this.#pieces(range, Math.max(pieces, 1));
  }

  async #pieces({ from: start, to: end }: Range, pieces: number): Promise<void> {
    const width = Math.ceil((end - start) / pieces);
    for (let from = start; from < end; from += width) await this.#range({ from, to: Math.min(from + width, end) });
  }

  async #range(range: Range): Promise<void> {
    if (await this.#decode('large', range)) return;
    if (Math.ceil((range.to - range.from) / PIECES) < NARROWEST)
      throw new Error(
        `digests of the range ${range.from} to ${range.to} cannot be decoded: the sums of one side are wrong; run the content check`,
      );
    await this.#pieces(range, PIECES);
  }

  /** True when the tables could be peeled completely. */
  async #decode(set: 'small' | 'large', range: Range): Promise<boolean> {
    const [tables, fold] = set === 'small' ? [SMALL_TABLES, SMALL_CELLS] : [LARGE_TABLES, LARGE_CELLS];
    this.#result.reads[set]++;
    const [ours, theirs] = await Promise.all([
      readConsistent(this.#salesforce, tables, fold, range),
      readConsistent(this.#external, tables, fold, range),
    ]);
    const peeled = peel(
      ours.map((table, number) => subtract(table, theirs[number]!)),
      fold,
    );
    if (peeled.residue > 0) return false;
    this.#result.salesforce.push(...peeled.first);
    this.#result.external.push(...peeled.second);
    return true;
  }
}
