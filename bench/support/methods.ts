/** The three ways to find out where two sides differ, each over the sides' own APIs. */
import { contentOf, type ContentType, type ContentValue } from '../../src/shared/digest/content.ts';
import { emptyCell, type Cell } from '../../src/reconciliation/digest/peel.ts';
import { findCandidates } from '../../src/reconciliation/find/candidates.ts';
import { externalSide } from '../../src/reconciliation/sides/external.ts';
import { queryJobRows } from '../../src/shared/salesforce/query-job.ts';
import { QUERIES_PER_COMPOSITE } from '../../src/shared/salesforce/answers.ts';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import type { ExternalRequest, SyncedFields } from '../../src/reconciliation/types.ts';
import { salesforceSide } from '../../src/reconciliation/sides/salesforce.ts';
import type { Scalar } from '../../src/shared/case-messages.ts';
import type { Clock } from 'kernel/clock.ts';
import { bisect, type Bisected, type RangeSums } from './bisection.ts';

export interface Sides {
  client: SalesforceClient;
  external: ExternalRequest;
  fields: SyncedFields;
  /** Waits between looks at a query job. */
  clock: Clock;
}

const SUMS = 'COUNT(Id) n, SUM(Digest_K1__c) k1, SUM(Digest_K2__c) k2, SUM(Digest_D__c) d, SUM(Digest_C__c) c';

/** By digests; returns how many elements differ. */
export const byDigests = async ({ client, external }: Sides): Promise<number> => {
  const found = await findCandidates(
    salesforceSide((queries) => client.composite(queries), 'Case'),
    externalSide((path) => external('GET', path)),
  );
  return found.salesforce.length + found.external.length;
};

/** The registry's records that are not deleted, a page of its API at a time. */
async function* externalRecords(external: ExternalRequest): AsyncGenerator<ExternalRecord[]> {
  for (let after: string | null = ''; after !== null;) {
    const page: { cases: ExternalRecord[]; next: string | null } = await external(
      'GET',
      `/v1/cases?limit=1000&after=${encodeURIComponent(after)}`,
    );
    yield page.cases.filter(({ deletedAt }) => deletedAt === null);
    after = page.next;
  }
}

interface ExternalRecord {
  key: string;
  values: Record<string, ContentValue>;
  deletedAt: string | null;
}

/** The key and synced fields of all Cases. */
export const extractionQuery = ({ types }: SyncedFields): string =>
  `SELECT Sync_Key__c, ${Object.keys(types).join(', ')} FROM Case WHERE Sync_Key__c != null`;

/** By reading everything on both sides; returns how many elements differ. */
export const byExtraction = ({ client, external, fields, clock }: Sides): Promise<number> =>
  compareAll(queryJobRows(client, extractionQuery(fields), fields.types, clock), external, fields.types);

/** How many elements differ between these rows of Salesforce and all that is outside: one for a missing record, two for a changed one. */
export const compareAll = async (
  salesforce: AsyncIterable<Record<string, Scalar>[]>,
  external: ExternalRequest,
  types: Record<string, ContentType>,
): Promise<number> => {
  const inside = new Map<string, string>();
  for await (const rows of salesforce)
    for (const row of rows) inside.set(row.Sync_Key__c as string, contentOf(row, types));
  let found = 0;
  for await (const page of externalRecords(external))
    for (const { key, values } of page) {
      const content = inside.get(key);
      if (content === undefined) found += 1;
      else if (content !== contentOf(values, types)) found += 2;
      inside.delete(key);
    }
  return found + inside.size;
};

/** By halving ranges of K1, five ranges a Composite call; `goOn` may give it up. */
export const byBisection = ({ client, external }: Sides, goOn: () => boolean): Promise<Bisected> => {
  const ours: RangeSums = async (ranges) => {
    const rows = await client.composite(
      ranges.map(({ from, to }) => `SELECT ${SUMS} FROM Case WHERE Digest_K1__c >= ${from} AND Digest_K1__c < ${to}`),
    );
    return rows.map(([row]) => cellOf(row!));
  };
  return bisect(ours, externalRangeSums(external), QUERIES_PER_COMPOSITE, goOn);
};

const cellOf = ({ n, k1, k2, d, c }: Record<string, unknown>): Cell => ({
  count: Number(n),
  k1: Number(k1 ?? 0),
  k2: Number(k2 ?? 0),
  d: Number(d ?? 0),
  c: Number(c ?? 0),
});

/** A table of one cell is the sum of a range. */
export const externalRangeSums = (external: ExternalRequest): RangeSums => {
  const side = externalSide((path) => external('GET', path));
  return async (ranges) => {
    const sums: Cell[] = [];
    for (const range of ranges) sums.push((await side.tables(1, 1, range))[0]!.get(0) ?? emptyCell());
    return sums;
  };
};
