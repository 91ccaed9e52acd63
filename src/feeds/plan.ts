/** Before a row moves: the view's columns against the mapping against the object, all findings at once. */
import { describeObject, fieldOf, type DescribedField, type DescribedObject } from './object.ts';
import { isNumeric, isTextual, type FieldPlan, type RecordPlan } from './record.ts';
import type { FeedConfig } from './config.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import type { Column } from './source/types.ts';
import type { ReadOutcome } from './read.ts';
import type { Audited, Feed, FieldRule, Proof } from './types.ts';

/** What would go wrong, where, and what to do about it. */
export interface Finding {
  /** `view.column` or `Object.Field`. */
  at: string;
  message: string;
  remedy: string;
  /** A warning stops nothing: single rows may be refused. */
  isWarning: boolean;
}

export interface Plan {
  findings: Finding[];
  /** Null where a finding stops the run. */
  records: RecordPlan | null;
}

const stops = (at: string, message: string, remedy: string): Finding => ({ at, message, remedy, isWarning: false });
const warns = (at: string, message: string, remedy: string): Finding => ({ at, message, remedy, isWarning: true });

/** Names of columns have no case, unless two differ by nothing else. */
const columnNamed = (columns: readonly Column[], name: string): number => {
  const exact = columns.findIndex((column) => column.name === name);
  return exact >= 0 ? exact : columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
};

const TYPES: Record<string, readonly Column['type'][]> = {
  number: ['integer', 'decimal', 'float', 'text'],
  boolean: ['boolean', 'text', 'integer'],
  date: ['date', 'timestamp', 'text'],
  datetime: ['timestamp with zone', 'timestamp', 'text'],
  text: ['text', 'integer', 'decimal', 'uuid', 'date', 'boolean'],
};

const kindOf = (field: DescribedField): keyof typeof TYPES | null => {
  if (isNumeric(field)) return 'number';
  if (field.type === 'boolean' || field.type === 'date' || field.type === 'datetime') return field.type;
  return isTextual(field) ? 'text' : null;
};

class Planning {
  readonly findings: Finding[] = [];
  readonly #feed: Feed;
  readonly #columns: readonly Column[];
  readonly #object: DescribedObject;
  readonly #config: FeedConfig;

  constructor(feed: Feed, columns: readonly Column[], object: DescribedObject, config: FeedConfig) {
    this.#feed = feed;
    this.#columns = columns;
    this.#object = object;
    this.#config = config;
  }

  #column(name: string, why: string): number {
    const at = columnNamed(this.#columns, name);
    const { view } = this.#feed;
    if (at < 0)
      this.findings.push(
        stops(
          `${view.name}.${name}`,
          `the view has no such column, and ${why} needs it`,
          `add it to the view, or correct the mapping; the view has ${this.#columns.map((column) => column.name).join(', ')}`,
        ),
      );
    return at;
  }

  #field(name: string): DescribedField | null {
    const field = fieldOf(this.#object, name);
    if (!field)
      this.findings.push(
        stops(
          `${this.#object.name}.${name}`,
          'there is no such field, or the integration user may not see it',
          'create the field, or give it in a permission set of the integration user',
        ),
      );
    return field;
  }

  key(): { externalId: DescribedField; at: number[] } | null {
    const { externalId: name, key } = this.#feed;
    const at = key.map((column) => this.#column(column, 'the key'));
    const externalId = this.#field(name);
    if (!externalId) return null;
    const where = `${this.#object.name}.${externalId.name}`;
    if (!externalId.externalId)
      this.findings.push(
        stops(where, 'it is no external id, so nothing can be upserted by it', 'mark the field as External ID'),
      );
    if (!externalId.unique)
      this.findings.push(
        stops(where, 'it is not unique: two records may have one external id', 'mark the field as unique'),
      );
    if (externalId.caseSensitive)
      this.findings.push(
        stops(
          where,
          'it tells ids apart that differ by case alone, and look-ups do not',
          'mark it as unique without case',
        ),
      );
    if (!isTextual(externalId))
      this.findings.push(
        stops(where, `it is of type ${externalId.type}; an external id begins with the company`, 'use a text field'),
      );
    if (!externalId.createable)
      this.findings.push(
        stops(where, 'the integration user may not write it', 'give it edit access in a permission set'),
      );
    return at.includes(-1) ? null : { externalId, at };
  }

  /** How a field is made; null where it cannot be. */
  field(name: string, rule: FieldRule): FieldPlan | null {
    const field = this.#field(name);
    const at = rule.column === undefined ? null : this.#column(rule.column, `the field ${name}`);
    if (!field || at === -1) return null;
    this.#checkRights(field, rule);
    const parent = rule.parent === undefined ? null : this.#parentOf(field, rule.parent);
    const column = at === null ? null : this.#columns[at]!;
    if (column && rule.parent === undefined) this.#checkType(field, column, rule);
    return {
      name: parent ? field.relationshipName! : field.name,
      field,
      rule,
      at,
      column,
      parentKey: parent?.externalId ?? null,
    };
  }

  #checkRights(field: DescribedField, { owner }: FieldRule): void {
    const where = `${this.#object.name}.${field.name}`;
    const remedy = 'give edit access to the field in a permission set of the integration user';
    if (!field.createable) this.findings.push(stops(where, 'the integration user may not write it', remedy));
    else if (owner === 'view' && !field.updateable)
      this.findings.push(stops(where, 'the integration user may write it once, and never change it', remedy));
  }

  #parentOf(field: DescribedField, feed: string): { externalId: string } | null {
    const parent = this.#config.parentOf(feed);
    const where = `${this.#object.name}.${field.name}`;
    if (
      field.type === 'reference' &&
      field.relationshipName &&
      field.referenceTo.some((name) => name.toLowerCase() === parent.object.toLowerCase())
    )
      return parent;
    this.findings.push(
      stops(where, `it is no look-up to ${parent.object}, which the feed ${feed} fills`, 'name the look-up field'),
    );
    return null;
  }

  #checkType(field: DescribedField, column: Column, { values }: FieldRule): void {
    const where = `${this.#feed.view.name}.${column.name}`;
    const target = `${this.#object.name}.${field.name}`;
    const kind = kindOf(field);
    if (kind === null) {
      this.findings.push(
        stops(
          target,
          `fields of type ${field.type} are not fed`,
          'map another field, or name the parent feed of a look-up',
        ),
      );
      return;
    }
    if (values) return;
    if (!TYPES[kind]!.includes(column.type))
      this.findings.push(
        stops(
          where,
          `it is ${column.declared}, and ${target} is ${field.type}`,
          'cast it in the view, or map it with "values"',
        ),
      );
    else this.#checkSize(field, column, { where, target });
  }

  #checkSize(field: DescribedField, column: Column, { where, target }: { where: string; target: string }): void {
    if (kindOf(field) === 'text' && column.length !== null && field.length > 0 && column.length > field.length)
      this.findings.push(
        warns(
          where,
          `it may have ${column.length} characters, ${target} keeps ${field.length}: longer ones are refused`,
          'make the field longer, or cut it in the view',
        ),
      );
    if (kindOf(field) !== 'number') return;
    const scale = field.type === 'int' ? 0 : field.scale;
    if (column.type === 'float')
      this.findings.push(
        warns(where, `it is ${column.declared}, which is not exact`, 'cast it to a decimal in the view'),
      );
    if (column.scale !== null && column.scale > scale)
      this.findings.push(
        warns(
          where,
          `it has ${column.scale} digits behind the point, ${target} keeps ${scale}: rows that use more are refused`,
          'round it in the view, or give the field more',
        ),
      );
  }

  /** Fields that Salesforce wants of a new record and nobody fills. */
  checkRequired(fields: readonly FieldPlan[]): void {
    const filled = new Set(fields.map(({ field }) => field.name.toLowerCase()));
    for (const field of this.#object.fields.values())
      if (
        field.createable &&
        !field.nillable &&
        !field.defaultedOnCreate &&
        field.type !== 'boolean' &&
        !filled.has(field.name.toLowerCase()) &&
        field.name.toLowerCase() !== this.#feed.externalId.toLowerCase()
      )
        this.findings.push(
          stops(
            `${this.#object.name}.${field.name}`,
            'it is required, and the mapping does not fill it',
            'map it to a column or a constant',
          ),
        );
  }

  checkObject(): void {
    const { name, createable, updateable } = this.#object;
    if (!createable || !updateable)
      this.findings.push(
        stops(
          name,
          'the integration user may not create and change its records',
          'give create and edit in a permission set of the integration user',
        ),
      );
  }
}

const isPresent = <T>(value: T | null): value is T => value !== null;

/** Holds columns, mapping and object against each other. One API call for the object. */
export const planFeed = async (
  feed: Feed,
  columns: readonly Column[],
  { client, config }: { client: SalesforceClient; config: FeedConfig },
): Promise<Plan> => {
  const object = await describeObject(client, feed.object);
  const planning = new Planning(feed, columns, object, config);
  planning.checkObject();
  const key = planning.key();
  const fields = Object.entries(feed.fields)
    .map(([name, rule]) => planning.field(name, rule))
    .filter(isPresent);
  planning.checkRequired(fields);
  const { findings } = planning;
  if (key === null || findings.some(({ isWarning }) => !isWarning)) return { findings, records: null };
  return {
    findings,
    records: {
      company: feed.company,
      timeZone: config.company(feed.company).timeZone,
      externalId: key.externalId,
      key: key.at,
      keyColumns: feed.key,
      fields,
    },
  };
};

/** Texts that are valid and look wrong: they are written as the view has them, and told by field. */
export const misreadTexts = ({ object }: Feed, { misread }: Pick<ReadOutcome, 'misread'>): Finding[] =>
  Object.entries(misread).map(([field, { count, first }]) =>
    warns(
      `${object}.${field}`,
      `${count} ${count === 1 ? 'row has a text that looks' : 'rows have texts that look'} like UTF-8 read in another encoding, such as "Ã±" for "ñ"; the first is ${first}. They are written as they are`,
      'correct the encoding in the source, or in how the view is filled; the next run writes what changed',
    ),
  );

/** An audit that came to no end: what it read counts, and its part is read again. */
export const brokenAudit = ({ object }: Feed, audited: Audited | null): Finding[] =>
  audited === null || audited.brokeOff === null
    ? []
    : [
        warns(
          object,
          `the audit broke off: ${audited.brokeOff}. Its part counts as not compared`,
          'the next run reads it again; until then the word of the audit grows older',
        ),
      ];

/** What the sums of digests leave open. `fields`: what is to be digested. */
export const unproven = ({ object }: Feed, { differing, different, undigested }: Proof, fields: string): Finding[] => [
  ...(undigested === 0
    ? []
    : [
        warns(
          object,
          `${undigested} records have no digest, so nothing is proven by sums`,
          `have the trigger of ${object} call FeedDigests, then run FeedDigestBackfill once`,
        ),
      ]),
  ...(differing.length === 0
    ? []
    : [
        warns(
          object,
          `the sums of ${differing.length} parts differ from the view's; ${different.length === 0 ? 'no record that was read differs by its values' : `of the records that were read these do: ${different.slice(0, 10).join(', ')}`}`,
          `the next run puts back what was changed; where it stays so, see that the Feed Digest of ${object} names these fields: ${fields}`,
        ),
      ]),
];

/** The sums could not be asked for. */
export const withoutProof = ({ object }: Feed, { message }: Error): Finding[] => [
  warns(
    object,
    `nothing is proven by sums: ${message}`,
    `deploy the digest fields and grant them, or take "digests" out of the policy`,
  ),
];
