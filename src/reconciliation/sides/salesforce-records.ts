import type { Owner, Scalar } from '../../shared/values.ts';
import { QUERIES_PER_COMPOSITE } from '../../shared/salesforce/answers.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import { isOneOf, quoted, timeOf } from '../../shared/salesforce/soql.ts';
import type { ComparedObject } from '../compared-object.ts';
import type { ContentType } from '../../shared/digest/content.ts';
import type { Element } from '../../shared/digest/element.ts';
import { partsOf, type FieldOwners, type SalesforceState, type SyncedFields } from '../types.ts';
import { inRange, SAMPLE, SAMPLES } from './key-range.ts';

const CONTENT_TYPES: Record<string, ContentType> = {
  double: 'number',
  currency: 'number',
  percent: 'number',
  int: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
};

/** Values in an IN list: keeps a query's URL below the 16,384 characters that Salesforce takes. */
const KEYS_PER_QUERY = 200;

type OneSide<Ours extends SalesforceState> = Pick<ComparedObject<Ours>, 'object' | 'inside'>;

/** The fields of the object that the org's custom metadata names for the flow. Two API calls. */
export const readSyncedFields = async (
  client: SalesforceClient,
  flow: string,
  object: string,
): Promise<SyncedFields> => {
  const rows = await client.query(
    `SELECT Field__c, Owner__c FROM Synced_Field__mdt WHERE Active__c = TRUE AND Flow__c = ${quoted(flow)}`,
  );
  const described = await client.get<{ fields: { name: string; type: string }[] }>(`/sobjects/${object}/describe`);
  const owners: FieldOwners = {};
  const types: Record<string, ContentType> = {};
  for (const row of rows) {
    const field = described.fields.find(({ name }) => name.toLowerCase() === String(row.Field__c).toLowerCase());
    if (!field)
      throw new Error(
        `Synced_Field__mdt names ${object}.${String(row.Field__c)}, which this user cannot see; grant access or deactivate the record`,
      );
    owners[field.name] = row.Owner__c as Owner;
    types[field.name] = CONTENT_TYPES[field.type] ?? 'text';
  }
  return { owners, types };
};

const DIGEST = ['Digest_K1__c', 'Digest_K2__c', 'Digest_D__c', 'Digest_C__c'];

/** The SELECT list that stateOf() needs. */
export const stateColumns = ({ inside }: Pick<ComparedObject, 'inside'>, { types }: SyncedFields): string =>
  [...new Set(['Id', 'SystemModstamp', inside.key, ...inside.columns, ...DIGEST, ...Object.keys(types)])].join(', ');

const digestOf = (row: Record<string, unknown>): Element | null =>
  row.Digest_D__c == null
    ? null
    : {
        k1: Number(row.Digest_K1__c),
        k2: Number(row.Digest_K2__c),
        d: Number(row.Digest_D__c),
        c: Number(row.Digest_C__c),
      };

/** What a row has under a column: a query nests the fields of parents, a query job writes their path. */
const valueAt = (row: Record<string, unknown>, column: string): unknown =>
  column in row
    ? row[column]
    : column.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], row);

/** A row of a query or of a query job as the state of a record. */
export const stateOf = <Ours extends SalesforceState>(
  { inside }: Pick<ComparedObject<Ours>, 'inside'>,
  row: Record<string, unknown>,
  { types }: SyncedFields,
): Ours =>
  inside.stateOf(
    row,
    {
      id: row.Id as string,
      key: row[inside.key] as string,
      modifiedAt: timeOf(row.SystemModstamp)!,
      externalId: null,
      values: Object.fromEntries(Object.keys(types).map((field) => [field, (valueAt(row, field) ?? null) as Scalar])),
      digest: digestOf(row),
    },
    (column) => valueAt(row, column),
  );

export const chunks = <T>(items: T[], size = KEYS_PER_QUERY): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Records by key, five chunks of 200 in a call. */
export const readByKeys = async <Ours extends SalesforceState>(
  client: SalesforceClient,
  compared: OneSide<Ours>,
  fields: SyncedFields,
  keys: string[],
): Promise<Ours[]> => {
  const { object, inside } = compared;
  const queries = chunks(keys).map(
    (part) => `SELECT ${stateColumns(compared, fields)} FROM ${object} WHERE ${isOneOf(inside.key, part)}`,
  );
  return (await client.composite(queries)).flat().map((row) => stateOf(compared, row, fields));
};

/** What a record is known by. */
export interface Identity {
  id: string;
  key: string | null;
  modifiedAt: number;
}

/** Living records by id or by key: five chunks of 200 in a call, of both together. */
export const readIdentities = async (
  client: SalesforceClient,
  { object, inside }: OneSide<SalesforceState>,
  { ids, keys }: { ids: string[]; keys: string[] },
): Promise<Identity[]> => {
  const identities = (field: string, values: string[]): string[] =>
    chunks(values).map(
      (part) => `SELECT Id, ${inside.key}, SystemModstamp FROM ${object} WHERE ${isOneOf(field, part)}`,
    );
  const rows = (await client.composite([...identities('Id', ids), ...identities(inside.key, keys)])).flat();
  return rows.map((row) => ({
    id: row.Id as string,
    key: row[inside.key] as string | null,
    modifiedAt: timeOf(row.SystemModstamp)!,
  }));
};

/** Keys of the records that decoded elements stand for. */
export const keysOfElements = async (
  client: SalesforceClient,
  { object, inside }: OneSide<SalesforceState>,
  elements: Element[],
): Promise<string[]> => {
  const wanted = new Set(elements.map(({ k1, k2 }) => `${k1}|${k2}`));
  const queries = chunks(elements).map(
    (part) =>
      `SELECT ${inside.key}, Digest_K1__c, Digest_K2__c FROM ${object} WHERE Digest_K1__c IN (${part.map(({ k1 }) => k1).join(',')})`,
  );
  return (await client.composite(queries))
    .flat()
    .filter((row) => wanted.has(`${Number(row.Digest_K1__c)}|${Number(row.Digest_K2__c)}`))
    .map((row) => row[inside.key] as string);
};

/** So many are found by what they share: a third of what an index serves, since they are counted by a sample. */
const FEW = 100_000;

/**
 * How many records each condition finds, by a sample of the keys. An object that is summed in one part has too few
 * records for an index to matter, and is not asked.
 */
const sampledUnsettled = async (
  client: SalesforceClient,
  { object, inside }: OneSide<SalesforceState>,
  parts: number,
): Promise<number[]> => {
  if (parts === 1) return inside.unsettled.map(() => 0);
  const counts = await client.composite(
    inside.unsettled.map((where) => `SELECT COUNT(Id) n FROM ${object} WHERE ${inRange(SAMPLE)} AND ${where}`),
  );
  return counts.map((rows) => Number(rows[0]?.n ?? 0) * SAMPLES);
};

/**
 * Keys of the records that are not at rest, as the compared object finds them, in sets. Where so many of them share a
 * value that no index finds them by it, they are looked for in each of the `parts` into which the keys are cut.
 */
export async function* readUnsettledKeys(
  client: SalesforceClient,
  compared: OneSide<SalesforceState>,
  parts = 1,
): AsyncGenerator<string[]> {
  const { object, inside } = compared;
  const found = await sampledUnsettled(client, compared, parts);
  const conditions = inside.unsettled.flatMap((where, index) =>
    found[index]! <= FEW ? [where] : partsOf(parts).map((range) => `${inRange(range)} AND ${where}`),
  );
  for (const part of chunks(conditions, QUERIES_PER_COMPOSITE)) {
    const rows = await client.composite(part.map((where) => `SELECT ${inside.key} FROM ${object} WHERE ${where}`));
    yield rows.flat().map((row) => row[inside.key] as string);
  }
}
