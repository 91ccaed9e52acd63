import { LARGE_CELLS, LARGE_TABLES, SMALL_CELLS, SMALL_TABLES, type Element } from '../digest/element.ts';
import { peel, subtract, totals, type Cell, type Table } from '../digest/peel.ts';
import { WHOLE_RANGE, type DigestSide, type Range } from '../types.ts';

/** Records a query may sum without leaving 15 digits. */
const RECORDS_AT_MOST = 1_000_000;
/** Reads of tables that do not belong to one moment, before they are decoded anyway: every candidate is confirmed later. */
const ATTEMPTS = 3;
const PARTS = 4;
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

/**
 * Finds the elements in which two sides differ, from sums alone: one row when nothing differs, the
 * small tables when little does, the large ones, and parts of the key range when even those cannot be
 * peeled. Nothing is guessed: what remains undecoded is decoded in narrower ranges.
 */
export const findCandidates = async (salesforce: DigestSide, external: DigestSide): Promise<Candidates> => {
  const result: Candidates = {
    salesforce: [],
    external: [],
    totals: { salesforce: await salesforce.totals(), external: await external.totals() },
    reads: { totals: 1, small: 0, large: 0 },
  };
  if (equal(result.totals.salesforce, result.totals.external)) return result;

  const decode = async (set: 'small' | 'large', range: Range): Promise<boolean> => {
    const [tables, fold] = set === 'small' ? [SMALL_TABLES, SMALL_CELLS] : [LARGE_TABLES, LARGE_CELLS];
    result.reads[set]++;
    const [ours, theirs] = await Promise.all([
      readConsistent(salesforce, tables, fold, range),
      readConsistent(external, tables, fold, range),
    ]);
    const peeled = peel(
      ours.map((table, number) => subtract(table, theirs[number]!)),
      fold,
    );
    if (peeled.residue > 0) return false;
    result.salesforce.push(...peeled.first);
    result.external.push(...peeled.second);
    return true;
  };

  const decodeRange = async (range: Range): Promise<void> => {
    if (await decode('large', range)) return;
    const width = Math.ceil((range.to - range.from) / PARTS);
    if (width < NARROWEST) {
      throw new Error(
        `digests of the range ${range.from} to ${range.to} cannot be decoded: the sums of one side are wrong; run the audit`,
      );
    }
    for (let from = range.from; from < range.to; from += width) {
      await decodeRange({ from, to: Math.min(from + width, range.to) });
    }
  };

  const records = Math.max(result.totals.salesforce.count, result.totals.external.count);
  const parts = Math.ceil(records / RECORDS_AT_MOST);
  if (parts <= 1 && (await decode('small', WHOLE_RANGE))) return result;
  const width = Math.ceil(WHOLE_RANGE.to / Math.max(parts, 1));
  for (let from = 0; from < WHOLE_RANGE.to; from += width) {
    await decodeRange({ from, to: Math.min(from + width, WHOLE_RANGE.to) });
  }
  return result;
};
