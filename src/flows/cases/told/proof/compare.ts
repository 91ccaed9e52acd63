import type { ExternalCase } from './read-external.ts';
import type { SalesforceCase, SalesforceSide } from './read-salesforce.ts';

export interface Difference {
  key: string;
  caseId: string | null;
  externalId: string | null;
  kind: 'missing in Salesforce' | 'missing outside' | 'field mismatch' | 'Case id mismatch' | 'status' | 'duplicate';
  detail: string;
}

export interface Proof {
  /** Cases that both sides hold with equal values and the state `Success`. */
  synced: number;
  /** Cases that both sides show as failed. */
  failed: SalesforceCase[];
  differences: Difference[];
  duplicates: number;
}

/** One canonical form per field type, so that both sides' spellings of the same value are equal. */
type Comparable = string | number | boolean | null | undefined;

const canonical = (value: Comparable, type: string): string => {
  if (value === null || value === undefined || value === '') return '';
  if (type === 'datetime') return String(Math.floor(Date.parse(String(value).replace('+0000', 'Z')) / 1000));
  if (['double', 'currency', 'percent', 'int'].includes(type)) return String(Number(value));
  if (type === 'boolean') return String(value);
  return String(value).replace(/\r\n?/g, '\n').trim();
};

const countBy = <T>(items: readonly T[], of: (item: T) => string | null): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) {
    const value = of(item);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
};

/** A Case that has no record outside: known to have failed there, or missing. */
const missingOutside = (record: SalesforceCase): Difference => ({
  key: record.key,
  caseId: record.id,
  externalId: record.externalId,
  kind: 'missing outside',
  detail: `the Case is ${record.status} (${record.errorCode ?? 'no error'})`,
});

/** How a Case and its record differ. `failed`: both sides show that it failed, so their values may. */
const differencesOf = (
  record: SalesforceCase,
  twin: ExternalCase,
  fields: SalesforceSide['fields'],
  failed: boolean,
): Difference[] => {
  const at = { key: record.key, caseId: record.id, externalId: twin.externalId };
  const found: Difference[] = [];
  if (!failed && record.status !== 'Success')
    found.push({ ...at, kind: 'status', detail: `the Case is ${record.status}, pending ${record.pending}` });
  if (twin.salesforceCaseId !== record.id || record.externalId !== twin.externalId)
    found.push({
      ...at,
      kind: 'Case id mismatch',
      detail: `outside ${twin.salesforceCaseId}, Case refers to ${record.externalId}`,
    });
  if (failed) return found;
  const differing = fields.filter(
    ({ name, type }) =>
      canonical(record.values[name] as Comparable, type) !== canonical(twin.values[name] as Comparable, type),
  );
  return [...found, ...differing.map(({ name }): Difference => ({ ...at, kind: 'field mismatch', detail: name }))];
};

const missingInSalesforce = ({ cases, deleted }: SalesforceSide, external: readonly ExternalCase[]): Difference[] => {
  const inside = new Set(cases.map(({ key }) => key));
  return external
    .filter((record) => !record.deleted && !record.deletedInSalesforce)
    .filter(({ key }) => !deleted.has(key) && !inside.has(key))
    .map((record) => ({
      key: record.key,
      caseId: null,
      externalId: record.externalId,
      kind: 'missing in Salesforce',
      detail: `outside it is ${record.syncStatus}`,
    }));
};

/** Keys and ids that stand more than once on a side. */
const duplicatesIn = (cases: readonly SalesforceCase[], external: readonly ExternalCase[]): Difference[] =>
  [
    countBy(cases, (record) => record.key),
    countBy(cases, (record) => record.externalId),
    countBy(external, (record) => record.key),
    countBy(external, (record) => record.salesforceCaseId),
  ].flatMap((count) =>
    [...count]
      .filter(([, number]) => number > 1)
      .map(([value, number]) => ({
        key: value,
        caseId: null,
        externalId: null,
        kind: 'duplicate',
        detail: `${value} stands ${number} times`,
      })),
  );

/**
 * Compares both sides record by record and field by field. It knows nothing of how they were synced:
 * it has only what their public APIs returned. A failure counts as known only when both sides show it.
 */
export const compare = (
  salesforce: SalesforceSide,
  external: ExternalCase[],
  failedOutside: { has(key: string): boolean },
): Proof => {
  const differences: Difference[] = [];
  const outside = new Map(external.map((record) => [record.key, record]));
  const failed: SalesforceCase[] = [];
  let synced = 0;
  for (const record of salesforce.cases) {
    const twin = outside.get(record.key);
    if (twin?.deleted) continue;
    const isKnown = failedOutside.has(record.key) || twin?.syncStatus === 'Failed';
    const hasFailed = record.status === 'Failed' && isKnown;
    if (hasFailed) failed.push(record);
    if (!twin) {
      if (!hasFailed) differences.push(missingOutside(record));
      continue;
    }
    const found = differencesOf(record, twin, salesforce.fields, hasFailed);
    differences.push(...found);
    if (found.length === 0 && record.status === 'Success') synced++;
  }
  const duplicates = duplicatesIn(salesforce.cases, external);
  differences.push(...missingInSalesforce(salesforce, external), ...duplicates);
  return { synced, failed, differences, duplicates: duplicates.length };
};
