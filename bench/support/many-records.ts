/** More records than a local org is filled with in reasonable time: as Salesforce would hold and answer them, and in the registry. */
import { contentOf, type ContentType } from '../../src/shared/digest/content.ts';
import { cellsOf, elementOf, type Element } from '../../src/shared/digest/element.ts';
import type { Table } from '../../src/reconciliation/digest/peel.ts';
import type { DigestSide } from '../../src/reconciliation/types.ts';
import type { Scalar, Values } from '../../src/shared/case-messages.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { caseValues } from './cases.ts';
import { LARGE_SET, SMALL_SET, tablesOf, totalOf } from './elements.ts';
import { rememberAgreed, type BenchRegistry } from './registry.ts';

const ROWS_A_STATEMENT = 5_000;
/** Records in a set of a query job's results. */
const ROWS_A_SET = 50_000;

/** Of the fields that the real requests fill; every other one is text. */
const TYPES: Record<string, ContentType> = {
  Reported_At__c: 'datetime',
  Due_Date__c: 'date',
  Latitude__c: 'number',
  Longitude__c: 'number',
};

/** Records that differ in key and subject, made again each time they are asked for. */
export class ManyRecords {
  readonly types: Record<string, ContentType>;
  readonly keys: string[];
  readonly #sample: Values[];

  private constructor(n: number, sample: Values[]) {
    const random = seededRandom(n);
    this.keys = Array.from({ length: n }, () => randomUuid(random));
    this.#sample = sample;
    this.types = Object.fromEntries(
      sample.flatMap((values) => Object.keys(values)).map((field) => [field, TYPES[field] ?? 'text']),
    );
  }

  static async of(n: number): Promise<ManyRecords> {
    return new ManyRecords(n, await caseValues(100));
  }

  values(i: number): Values {
    return { ...this.#sample[i % this.#sample.length]!, Subject: `Request ${i}` };
  }

  /** Sets of a query job's results as CSV. */
  *csv(): Generator<string> {
    const fields = Object.keys(this.types);
    const quoted = (value: Scalar | undefined): string => `"${String(value ?? '').replaceAll('"', '""')}"`;
    for (let start = 0; start < this.keys.length; start += ROWS_A_SET) {
      const lines = this.keys.slice(start, start + ROWS_A_SET).map((key, i) => {
        const values = this.values(start + i);
        return [quoted(key), ...fields.map((field) => quoted(values[field]))].join(',');
      });
      yield `${['Sync_Key__c', ...fields].map(quoted).join(',')}\n${lines.join('\n')}\n`;
    }
  }
}

/** Encodes the records: what triggers do once for each save. */
export const encode = (records: ManyRecords): { elements: Element[]; cells: number[][] } => {
  const elements = records.keys.map((key, i) => elementOf(key, contentOf(records.values(i), records.types)));
  return { elements, cells: elements.map(cellsOf) };
};

/** Salesforce's side with its sums made beforehand: what Salesforce itself takes for them is not measured. */
export const answeredBefore = (elements: Element[], cells: number[][]): DigestSide => {
  const total = totalOf(elements);
  const sets = [SMALL_SET, LARGE_SET].map((set) => ({ ...set, sums: tablesOf(elements, cells, set) }));
  return {
    totals: async () => [total],
    tables: async (_tables, fold): Promise<Table[]> => sets.find((set) => set.fold === fold)!.sums,
  };
};

/** Loads the registry with the same records, digests included: its trigger makes equal ones, more slowly. An index on K1 serves bisection alone. */
export const loadMany = async (
  { db }: BenchRegistry,
  records: ManyRecords,
  { elements, cells }: ReturnType<typeof encode>,
): Promise<void> => {
  await db.script(
    'ALTER TABLE case_record DISABLE TRIGGER case_record_digest; ALTER TABLE case_record SET UNLOGGED; TRUNCATE case_record; DROP TABLE IF EXISTS agreed',
  );
  for (let start = 0; start < records.keys.length; start += ROWS_A_STATEMENT) {
    const keys = records.keys.slice(start, start + ROWS_A_STATEMENT);
    const part = elements.slice(start, start + ROWS_A_STATEMENT);
    await db.query(
      `INSERT INTO case_record (external_id, key, revision, values, request_version, sync_status, created_at, updated_at,
                                digest_k1, digest_k2, digest_d, digest_c, digest_cells)
       SELECT 'SR-' || lpad(nextval('case_number')::text, 8, '0'), key, 1, values::jsonb, 1, 'Success', now(), now(),
              k1, k2, d, c, cells::smallint[]
         FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])
              AS given (key, values, k1, k2, d, c, cells)`,
      [
        keys,
        keys.map((_, i) => JSON.stringify(records.values(start + i))),
        part.map(({ k1 }) => k1),
        part.map(({ k2 }) => k2),
        part.map(({ d }) => d),
        part.map(({ c }) => c),
        cells.slice(start, start + ROWS_A_STATEMENT).map((indexes) => `{${indexes.join(',')}}`),
      ],
    );
  }
  await db.script(
    'ALTER TABLE case_record ENABLE TRIGGER case_record_digest; CREATE INDEX IF NOT EXISTS bisected ON case_record (digest_k1)',
  );
  await rememberAgreed(db);
};
