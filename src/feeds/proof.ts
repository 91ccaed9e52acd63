/**
 * Equality in one call (docs/digest.md, "Feeds"): a trigger of the admin's keeps numbers on each record that say what it holds, one
 * query sums them by 200 parts of the keys, and the same sums are made of the view's rows while they are read.
 */
import { contentOf } from '../shared/digest/content.ts';
import { elementOf } from '../shared/digest/element.ts';
import { expected } from '../shared/expected.ts';
import { isArrayOf, isPlain } from '../shared/shapes.ts';
import { compared, rowKey } from './canonical.ts';
import { editedIds } from './db/rows.ts';
import { isOfCompany, observe, type Observed } from './observe.ts';
import { contentTypeOf, pathOf, type FieldPlan, type RecordPlan } from './record.ts';
import type { Proof, Values } from './types.ts';
import { patiently } from './writing.ts';

/** Parts of the keys by their first number, which is below 10^9. As the class FeedDigests has it. */
const PART_WIDTH = 5_000_000;
/** A SUM of Salesforce keeps 15 digits: 10^6 records of a part, 200 million of a feed. */
const EXACT_BELOW = 1e15;
/** Parts whose records are read one by one: a few thousand records of a million. */
const MAX_PARTS_READ = 5;

/** How many records, and the sums of their numbers. */
interface Sums {
  count: number;
  k1: number;
  k2: number;
  d: number;
  /** Look-ups that name a parent: the deletion of one empties them, and no trigger of theirs sees it. */
  lookups: number;
}

const NAMES = ['count', 'k1', 'k2', 'd', 'lookups'] as const;
const NO_SUMS: Readonly<Sums> = { count: 0, k1: 0, k2: 0, d: 0, lookups: 0 };

const lookupsOf = (plan: RecordPlan): FieldPlan[] => compared(plan).filter(({ parentKey }) => parentKey !== null);

/** What the Feed Digest of the object has to name (`Fields__c`). */
export const digestedFields = (plan: RecordPlan): string => compared(plan).map(pathOf).join(',');

/** Makes the canonical content of a record: what the class FeedDigests hashes of it. */
const contentMaker = (plan: RecordPlan): ((values: Values) => string) => {
  const fields = compared(plan).map((field) => ({ ...field, path: pathOf(field) }));
  const types = Object.fromEntries(fields.map((field) => [field.path, contentTypeOf(field)]));
  return (values) => {
    const told = fields.map(({ name, path, parentKey }): [string, string | boolean | null] => {
      const value = values[name] ?? null;
      return [path, parentKey !== null && typeof value === 'string' ? rowKey(value) : value];
    });
    return contentOf(Object.fromEntries(told), types);
  };
};

/** Sums of the view's rows by part. */
export class ViewSums {
  readonly parts = new Map<number, Sums>();
  readonly #contentOf: (values: Values) => string;
  readonly #lookups: readonly string[];

  /** What each of many rows needs is made once. */
  constructor(plan: RecordPlan) {
    this.#contentOf = contentMaker(plan);
    this.#lookups = lookupsOf(plan).map(({ name }) => name);
  }

  add(externalId: string, values: Values): void {
    const { k1, k2, d } = elementOf(rowKey(externalId), this.#contentOf(values));
    const part = Math.floor(k1 / PART_WIDTH);
    const sums = this.parts.get(part) ?? { ...NO_SUMS };
    sums.count++;
    sums.k1 += k1;
    sums.k2 += k2;
    sums.d += d;
    for (const name of this.#lookups) if (values[name] != null) sums.lookups++;
    this.parts.set(part, sums);
  }
}

const partOf = (key: string): number => Math.floor(elementOf(key, '').k1 / PART_WIDTH);

const areSums = (value: unknown): value is Record<string, unknown>[] => isArrayOf(value, isPlain);

/** What Salesforce sums, by part; null: records without a digest. One call. */
const orgSums = async (observed: Observed): Promise<Map<number | null, Sums>> => {
  const { client, object, plan } = observed;
  const lookups = lookupsOf(plan).map(({ field }, at) => `, COUNT(${field.name}) l${at}`);
  const sums =
    'COUNT(Id) n, SUM(Feed_Digest_K1__c) k1, SUM(Feed_Digest_K2__c) k2, SUM(Feed_Digest_D__c) d' + lookups.join('');
  const soql = `SELECT Feed_Digest_Part__c part, ${sums} FROM ${object} WHERE ${isOfCompany(plan.externalId.name, plan.company)} GROUP BY Feed_Digest_Part__c`;
  const rows = await patiently(observed, async () =>
    expected(await client.query(soql), areSums, 'Salesforce', `the sums of ${object}`),
  );
  return new Map(
    rows.map(({ part, n, k1, k2, d, ...filled }) => [
      part === null || part === undefined ? null : Number(part),
      {
        count: Number(n),
        k1: Number(k1 ?? 0),
        k2: Number(k2 ?? 0),
        d: Number(d ?? 0),
        lookups: lookups.reduce((sum, _, at) => sum + Number(filled[`l${at}`]), 0),
      },
    ]),
  );
};

const differ = (one: Sums, other: Sums): boolean =>
  NAMES.some((name) => one[name] !== other[name] || one[name] >= EXACT_BELOW);

/**
 * Compares the view with what Salesforce holds. `unsettled`: external ids of rows that the run knows to differ; their parts prove
 * nothing. Parts that differ are read record by record, a few of them: what somebody changed is noted, and put right by the next
 * run. One call when all is equal. Rejects as `observeChanges`.
 */
export const proveEqual = async (observed: Observed, view: ViewSums, unsettled: readonly string[]): Promise<Proof> => {
  const { client, db, run } = observed;
  const before = client.calls;
  const org = await orgSums(observed);
  const undigested = org.get(null)?.count ?? 0;
  org.delete(null);
  const known = new Set(unsettled.map((id) => partOf(rowKey(id))));
  const all = new Set([...org.keys(), ...view.parts.keys()]) as Set<number>;
  const differing = [...all]
    .filter((part) => !known.has(part) && differ(org.get(part) ?? NO_SUMS, view.parts.get(part) ?? NO_SUMS))
    .sort((one, other) => one - other);
  const records = [...org.values()].reduce((sum, { count }) => sum + count, 0);
  const different = new Set<string>();
  if (differing.length > 0) {
    const already = new Set(await editedIds(db, run));
    const parts = differing.slice(0, MAX_PARTS_READ).map((part) => `'${part}'`);
    await observe(observed, ` AND Feed_Digest_Part__c IN (${parts.join(', ')})`);
    for (const id of await editedIds(db, run)) if (!already.has(id)) different.add(id);
  }
  return {
    isEqual: differing.length === 0 && undigested === 0 && known.size === 0,
    records,
    parts: all.size,
    unproven: known.size,
    differing,
    different: [...different],
    undigested,
    calls: client.calls - before,
  };
};

/** The proof in words, for people. */
export const proofWords = ({
  isEqual,
  records,
  parts,
  unproven,
  differing,
  different,
  undigested,
  calls,
}: Proof): string => {
  const cost = `${calls} API ${calls === 1 ? 'call' : 'calls'}`;
  if (isEqual) return `view and Salesforce are equal: ${records} records by their sums in ${cost}`;
  return [
    `${parts - unproven - differing.length} of ${parts} parts are equal by their sums in ${cost}`,
    ...(unproven > 0 ? [`${unproven} have rows that failed, wait or vanished`] : []),
    ...(differing.length > 0
      ? [
          `${differing.length} differ (${differing.slice(0, 10).join(', ')}): ${different.slice(0, 10).join(', ') || 'no record by its values'}`,
        ]
      : []),
    ...(undigested > 0 ? [`${undigested} records have no digest`] : []),
  ].join('; ');
};
