import type { Owner, Scalar } from '../../shared/case-messages.ts';
import type { ContentType } from '../digest/content.ts';
import type { Element } from '../digest/element.ts';
import type { FieldOwners, SalesforceState } from '../types.ts';
import type { SalesforceClient } from './salesforce-client.ts';

export interface SyncedFields {
  owners: FieldOwners;
  types: Record<string, ContentType>;
}

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

/** Which fields are synced, who owns each, and how its values are compared. */
export const readSyncedFields = async (client: SalesforceClient): Promise<SyncedFields> => {
  const rows = await client.query(
    "SELECT Field__c, Owner__c FROM Synced_Field__mdt WHERE Active__c = TRUE AND Flow__c = 'cases'",
  );
  const described = await client.get<{ fields: { name: string; type: string }[] }>('/sobjects/Case/describe');
  const owners: FieldOwners = {};
  const types: Record<string, ContentType> = {};
  for (const row of rows) {
    const field = described.fields.find(({ name }) => name.toLowerCase() === String(row.Field__c).toLowerCase());
    if (!field)
      throw new Error(
        `Synced_Field__mdt names Case.${String(row.Field__c)}, which this user cannot see; grant access or deactivate the record`,
      );
    owners[field.name] = row.Owner__c as Owner;
    types[field.name] = CONTENT_TYPES[field.type] ?? 'text';
  }
  return { owners, types };
};

const time = (value: unknown): number | null =>
  typeof value === 'string' ? Date.parse(value.replace('+0000', 'Z')) : null;

const STATE_FIELDS = [
  'Id',
  'Sync_Key__c',
  'Sync_Status__c',
  'Sync_Version__c',
  'Sync_Attempt__c',
  'Sync_Pending__c',
  'Sync_Requested_At__c',
  'SystemModstamp',
  'External_Id__c',
  'External_Revision__c',
  'Sync_Error_Code__c',
  'Digest_K1__c',
  'Digest_K2__c',
  'Digest_D__c',
  'Digest_C__c',
];

/** The SELECT list that stateOf() needs. */
export const stateColumns = ({ types }: SyncedFields): string =>
  [...new Set([...STATE_FIELDS, ...Object.keys(types)])].join(', ');

const digestOf = (row: Record<string, unknown>): Element | null =>
  row.Digest_D__c == null
    ? null
    : {
        k1: Number(row.Digest_K1__c),
        k2: Number(row.Digest_K2__c),
        d: Number(row.Digest_D__c),
        c: Number(row.Digest_C__c),
      };

export const stateOf = (row: Record<string, unknown>, { types }: SyncedFields): SalesforceState => ({
  id: row.Id as string,
  key: row.Sync_Key__c as string,
  status: row.Sync_Status__c as SalesforceState['status'],
  version: Number(row.Sync_Version__c ?? 0),
  attempt: Number(row.Sync_Attempt__c ?? 0),
  pending: row.Sync_Pending__c as SalesforceState['pending'],
  requestedAt: time(row.Sync_Requested_At__c),
  modifiedAt: time(row.SystemModstamp)!,
  externalId: row.External_Id__c as string | null,
  externalRevision: row.External_Revision__c == null ? null : Number(row.External_Revision__c),
  errorCode: row.Sync_Error_Code__c as string | null,
  values: Object.fromEntries(Object.keys(types).map((field) => [field, (row[field] ?? null) as Scalar])),
  digest: digestOf(row),
});

const chunks = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;

/** Cases by key, five chunks of 200 in a call. */
export const readByKeys = async (
  client: SalesforceClient,
  fields: SyncedFields,
  keys: string[],
): Promise<SalesforceState[]> => {
  const queries = chunks(keys, KEYS_PER_QUERY).map(
    (part) => `SELECT ${stateColumns(fields)} FROM Case WHERE Sync_Key__c IN (${part.map(text).join(',')})`,
  );
  return (await client.composite(queries)).flat().map((row) => stateOf(row, fields));
};

/** What a Case is known by. */
export interface CaseIdentity {
  id: string;
  key: string | null;
  modifiedAt: number;
}

const identities = (field: string, values: string[]): string[] =>
  chunks(values, KEYS_PER_QUERY).map(
    (part) => `SELECT Id, Sync_Key__c, SystemModstamp FROM Case WHERE ${field} IN (${part.map(text).join(',')})`,
  );

/** Living Cases by id or by key: five chunks of 200 in a call, of both together. */
export const readIdentities = async (
  client: SalesforceClient,
  { ids, keys }: { ids: string[]; keys: string[] },
): Promise<CaseIdentity[]> =>
  (await client.composite([...identities('Id', ids), ...identities('Sync_Key__c', keys)])).flat().map((row) => ({
    id: row.Id as string,
    key: row.Sync_Key__c as string | null,
    modifiedAt: time(row.SystemModstamp)!,
  }));

/** Keys of the Cases that decoded elements stand for. */
export const keysOfElements = async (client: SalesforceClient, elements: Element[]): Promise<string[]> => {
  const wanted = new Set(elements.map(({ k1, k2 }) => `${k1}|${k2}`));
  const queries = chunks(elements, KEYS_PER_QUERY).map(
    (part) =>
      `SELECT Sync_Key__c, Digest_K1__c, Digest_K2__c FROM Case WHERE Digest_K1__c IN (${part.map(({ k1 }) => k1).join(',')})`,
  );
  return (await client.composite(queries))
    .flat()
    .filter((row) => wanted.has(`${Number(row.Digest_K1__c)}|${Number(row.Digest_K2__c)}`))
    .map((row) => row.Sync_Key__c as string);
};

/** Cases that are not at rest, found through the indexed pending field and the failed status. */
export const readUnsettled = async (client: SalesforceClient, fields: SyncedFields): Promise<SalesforceState[]> => {
  const [pending, failed] = await client.composite([
    `SELECT ${stateColumns(fields)} FROM Case WHERE Sync_Pending__c IN ('Request', 'WriteBack', 'Retry')`,
    `SELECT ${stateColumns(fields)} FROM Case WHERE Sync_Status__c = 'Failed' AND Sync_Pending__c = null`,
  ]);
  return [...pending!, ...failed!].map((row) => stateOf(row, fields));
};

/** Which of these keys belong to Cases that were deleted or merged away and not restored since. */
export const readTombstones = async (client: SalesforceClient, keys: string[]): Promise<Set<string>> => {
  const queries = chunks(keys, KEYS_PER_QUERY).map(
    (part) =>
      `SELECT Sync_Key__c, Kind__c FROM Sync_Tombstone__c WHERE Sync_Key__c IN (${part.map(text).join(',')}) ORDER BY CreatedDate, Id`,
  );
  const gone = new Set<string>();
  for (const row of (await client.composite(queries)).flat()) {
    if (row.Kind__c === 'Undeleted') gone.delete(row.Sync_Key__c as string);
    else if (row.Kind__c !== 'Deleted Outside') gone.add(row.Sync_Key__c as string);
  }
  return gone;
};
