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

const countBy = <T>(items: T[], of: (item: T) => string | null): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) {
    const value = of(item);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
};

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
  const inside = new Map(salesforce.cases.map((record) => [record.key, record]));
  const failed: SalesforceCase[] = [];
  let synced = 0;

  for (const record of salesforce.cases) {
    const twin = outside.get(record.key);
    const at = { key: record.key, caseId: record.id, externalId: twin?.externalId ?? record.externalId };
    if (twin?.deleted) continue;
    if (!twin) {
      if (record.status === 'Failed' && failedOutside.has(record.key)) failed.push(record);
      else
        differences.push({
          ...at,
          kind: 'missing outside',
          detail: `the Case is ${record.status} (${record.errorCode ?? 'no error'})`,
        });
      continue;
    }
    const before = differences.length;
    const knownFailure = record.status === 'Failed' && (failedOutside.has(record.key) || twin.syncStatus === 'Failed');
    if (knownFailure) failed.push(record);
    else if (record.status !== 'Success')
      differences.push({ ...at, kind: 'status', detail: `the Case is ${record.status}, pending ${record.pending}` });
    if (twin.salesforceCaseId !== record.id || record.externalId !== twin.externalId) {
      differences.push({
        ...at,
        kind: 'Case id mismatch',
        detail: `outside ${twin.salesforceCaseId}, Case refers to ${record.externalId}`,
      });
    }
    if (!knownFailure) {
      for (const { name, type } of salesforce.fields) {
        if (canonical(record.values[name] as Comparable, type) !== canonical(twin.values[name] as Comparable, type)) {
          differences.push({ ...at, kind: 'field mismatch', detail: name });
        }
      }
    }
    if (differences.length === before && record.status === 'Success') synced++;
  }
  for (const record of external) {
    if (
      !record.deleted &&
      !record.deletedInSalesforce &&
      !salesforce.deleted.has(record.key) &&
      !inside.has(record.key)
    ) {
      differences.push({
        key: record.key,
        caseId: null,
        externalId: record.externalId,
        kind: 'missing in Salesforce',
        detail: `outside it is ${record.syncStatus}`,
      });
    }
  }

  const counts = [
    countBy(salesforce.cases, (record) => record.key),
    countBy(salesforce.cases, (record) => record.externalId),
    countBy(external, (record) => record.key),
    countBy(external, (record) => record.salesforceCaseId),
  ];
  const twice = counts.flatMap((count) => [...count].filter(([, number]) => number > 1));
  for (const [value, number] of twice) {
    differences.push({
      key: value,
      caseId: null,
      externalId: null,
      kind: 'duplicate',
      detail: `${value} stands ${number} times`,
    });
  }
  return { synced, failed, differences, duplicates: twice.length };
};
