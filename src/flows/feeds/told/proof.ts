/** The views against what Salesforce holds: every row, every field, both ways. Written without the code of feeds, on purpose. */
import type { SourceValue } from '../../../feeds/source/types.ts';
import type { ViewRow } from './databases.ts';

/** A field of the mapping, as the configuration has it. */
export interface MappedField {
  column?: string;
  values?: Record<string, string | boolean>;
  nulls?: string[];
  parent?: string;
  owner?: 'view' | 'salesforce';
}

/** A feed, as the configuration has it. */
export interface MappedFeed {
  object: string;
  externalId: string;
  view: { name: string };
  key: string[];
  fields: Record<string, MappedField>;
  policy: object;
}

/** A record of Salesforce: values by field, of a look-up the external id of its parent. */
export type HeldRecord = Readonly<Record<string, string | number | boolean | null>>;

/** What is compared: one feed of one company. */
export interface Sides {
  company: string;
  feed: MappedFeed;
  rows: readonly ViewRow[];
  records: readonly HeldRecord[];
  /** External ids that are named as refused or waiting. */
  named: ReadonlySet<string>;
}

export interface Proof {
  rows: number;
  /** Rows that Salesforce holds as the view has them. */
  equal: number;
  /** Rows that it does not, and of which somebody is told so: refused, or waiting for a parent. */
  named: number;
  /** What does not agree and nobody names, in words. */
  differences: string[];
}

const filled = (value: SourceValue | undefined): string | boolean | null => {
  if (typeof value !== 'string') return value ?? null;
  return value.trim() === '' ? null : value.trim();
};

const idOf = (company: string, row: ViewRow, columns: readonly string[]): string =>
  [company, ...columns.map((column) => filled(row[column]))].join('-');

const meantBy = (value: string | boolean | null, { values, nulls = [] }: MappedField): string | boolean | null => {
  if (value === null || nulls.some((none) => String(value).startsWith(none))) return null;
  return values ? (values[String(value)] ?? null) : value;
};

/** In the form of the record's value: Salesforce tells money as a number, a date as ten characters, a flag as no third state. */
const inFormOf = (held: HeldRecord[string], value: string | boolean | null): HeldRecord[string] => {
  if (value === null) return typeof held === 'boolean' ? false : null;
  if (typeof held === 'number') return Number(value);
  return typeof held === 'string' && /^\d{4}-\d\d-\d\d$/.test(held) ? String(value).slice(0, 10) : value;
};

const differencesOf = ({ company, feed }: Sides, row: ViewRow, record: HeldRecord): string[] =>
  Object.entries(feed.fields).flatMap(([field, rule]) => {
    if (rule.owner === 'salesforce' || rule.column === undefined) return [];
    const meant = meantBy(filled(row[rule.column]), rule);
    const held = record[field] ?? null;
    const expected = rule.parent && meant !== null ? `${company}-${String(meant)}` : inFormOf(held, meant);
    return expected === held ? [] : [`${field}: the view has ${String(expected)}, Salesforce ${String(held)}`];
  });

/** Compares one feed of one company. */
export const compare = (sides: Sides): Proof => {
  const { company, feed, rows, records, named } = sides;
  const held = Map.groupBy(records, (record) => String(record[feed.externalId]));
  const wanted = Map.groupBy(rows, (row) => idOf(company, row, feed.key));
  const proof: Proof = { rows: rows.length, equal: 0, named: 0, differences: [] };
  for (const [id, same] of wanted) {
    const [record, ...more] = held.get(id) ?? [];
    if (more.length > 0) proof.differences.push(`${id}: Salesforce has it ${more.length + 1} times`);
    const problems = record
      ? same.flatMap((row) => differencesOf(sides, row, record))
      : ['Salesforce does not have it'];
    if (problems.length === 0) proof.equal += same.length;
    else if (named.has(id)) proof.named += same.length;
    else proof.differences.push(`${id}: ${problems.join('; ')}`);
  }
  for (const id of held.keys())
    if (!wanted.has(id)) proof.differences.push(`${id}: Salesforce has it, and the view does not`);
  return proof;
};

/** Several proofs as one. */
export const together = (proofs: readonly Proof[]): Proof => ({
  rows: proofs.reduce((sum, { rows }) => sum + rows, 0),
  equal: proofs.reduce((sum, { equal }) => sum + equal, 0),
  named: proofs.reduce((sum, { named }) => sum + named, 0),
  differences: proofs.flatMap(({ differences }) => differences),
});
