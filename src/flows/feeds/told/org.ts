/** What people see and do of feeds in Salesforce. */
import { quoted } from '../../../shared/salesforce/soql.ts';
import type { OrgConnection } from '../../../story/org/connect.ts';
import type { HeldRecord, MappedFeed } from './proof.ts';

/** How SOQL reaches a field of the mapping: of a look-up, the external id of the parent. */
const pathOf = (field: string, parent: MappedFeed | undefined): string =>
  parent ? `${field.replace(/__c$/, '__r')}.${parent.externalId}` : field;

const at = (record: Record<string, unknown>, path: string): HeldRecord[string] => {
  const value = path
    .split('.')
    .reduce<unknown>((held, name) => (held as Record<string, unknown> | null)?.[name], record);
  return (value ?? null) as HeldRecord[string];
};

/** The records of a feed of one company. `feeds`: all of the mapping, for its parents. */
export const recordsOf = async (
  admin: OrgConnection,
  company: string,
  { feed, feeds }: { feed: MappedFeed; feeds: Record<string, MappedFeed> },
): Promise<HeldRecord[]> => {
  const paths = Object.entries(feed.fields).map(([field, { parent }]) => ({
    field,
    path: pathOf(field, parent === undefined ? undefined : feeds[parent]),
  }));
  const { records } = await admin.query<Record<string, unknown>>(
    `SELECT Id, ${feed.externalId}, ${paths.map(({ path }) => path).join(', ')} FROM ${feed.object} WHERE ${feed.externalId} LIKE ${quoted(`${company}-%`)}`,
  );
  return records.map((record): HeldRecord =>
    Object.fromEntries<HeldRecord[string]>([
      ...['Id', feed.externalId].map((name): [string, HeldRecord[string]] => [name, at(record, name)]),
      ...paths.map(({ field, path }): [string, HeldRecord[string]] => [field, at(record, path)]),
    ]),
  );
};

/** How many records of an object a user made: what is there twice counts twice, whatever its external id. */
export const madeBy = async (admin: OrgConnection, object: string, username: string): Promise<number> => {
  const { records } = await admin.query<{ Id: string }>(`SELECT Id FROM User WHERE Username = ${quoted(username)}`);
  const ids = records.map(({ Id }) => quoted(Id)).join(', ');
  return (await admin.query(`SELECT COUNT() FROM ${object} WHERE CreatedById IN (${ids})`)).totalSize;
};

/** How many records of an object have an external id of one of the companies. */
export const knownOf = async (
  admin: OrgConnection,
  feed: MappedFeed,
  companies: readonly string[],
): Promise<number> => {
  const counts = await Promise.all(
    companies.map((company) =>
      admin.query(`SELECT COUNT() FROM ${feed.object} WHERE ${feed.externalId} LIKE ${quoted(`${company}-%`)}`),
    ),
  );
  return counts.reduce((sum, { totalSize }) => sum + totalSize, 0);
};

/** External ids that Salesforce names as refused or waiting, with a reason and a remedy. */
export const namedIn = async (admin: OrgConnection, company: string, feed: string): Promise<ReadonlySet<string>> => {
  const { records } = await admin.query<{ External_Id__c: string; Reason__c: string | null; Remedy__c: string | null }>(
    `SELECT External_Id__c, Reason__c, Remedy__c FROM Feed_Refusal__c WHERE Company__c = ${quoted(company)} AND Feed__c = ${quoted(feed)}`,
  );
  return new Set(
    records.flatMap(({ External_Id__c: id, Reason__c: reason, Remedy__c: remedy }) => (reason && remedy ? [id] : [])),
  );
};

export interface HeldRun {
  Id: string;
  Company__c: string;
  Feed__c: string;
  Reasons__c: string;
  Held__c: number;
}

/** Runs that wait for a person. */
export const heldRuns = async (admin: OrgConnection): Promise<HeldRun[]> =>
  (
    await admin.query<HeldRun>(
      "SELECT Id, Company__c, Feed__c, Reasons__c, Held__c FROM Feed_Run__c WHERE Status__c = 'Held' ORDER BY Company__c, Feed__c",
    )
  ).records;

/** A person's word on one. */
export const decideOn = async (
  admin: OrgConnection,
  { Id }: HeldRun,
  decision: 'Release' | 'Reject',
): Promise<void> => {
  await admin.sobject('Feed_Run__c').update({ Id, Decision__c: decision });
};
