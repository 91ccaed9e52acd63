import { UnusableInput } from 'kernel/command-line.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { quoted } from '../../../shared/salesforce/soql.ts';
import type { ErasableRecords, RecordToErase } from '../../types.ts';
import { comparedCase } from './case.ts';

type Row = Record<string, unknown>;

const ID = /^500[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/;

const cases = async (client: SalesforceClient, where: string): Promise<Row[]> => {
  const { types } = await comparedCase.inside.readFields(client);
  return client.queryAll(
    `SELECT Id, IsDeleted, Sync_Key__c, Sync_Status__c, Sync_Pending__c, ${Object.keys(types).join(', ')} FROM Case WHERE ${where}`,
  );
};

/** The key of a Case that was purged, by its tombstone. */
const keyOfTombstone = async (client: SalesforceClient, id: string): Promise<string | null> => {
  const [row] = await client.query(
    `SELECT Sync_Key__c FROM Sync_Tombstone__c WHERE Case_Id__c = ${quoted(id)} LIMIT 1`,
  );
  return (row?.Sync_Key__c as string | undefined) ?? null;
};

const livingOf = (rows: readonly Row[]): Row | undefined =>
  rows.find(({ IsDeleted: isDeleted }) => isDeleted === false);

const valuesOf = ({
  attributes: _type,
  Id: _id,
  Sync_Key__c: _key,
  Sync_Status__c: _status,
  Sync_Pending__c: _pending,
  ...values
}: Row): Row => values;

const deletedOf = (key: string, rows: readonly Row[]): RecordToErase => {
  const living = livingOf(rows);
  return {
    key,
    refusal: living
      ? `Case ${String(living.Id)} is still there, and its values would be copied again: delete it in Salesforce first, wait until the deletion has arrived outside, and ask again; or replace the values in it, and ask with --former`
      : null,
    values: rows.map(valuesOf),
    left: rows.map(
      ({ Id: id }) =>
        `Case ${String(id)} is in Salesforce's recycle bin with its values, until that is emptied (after 15 days by itself)`,
    ),
  };
};

/** What the Case holds now must have arrived outside: else both sides would bring the old values back. */
const refusalOfFormer = (key: string, living: Row | undefined): string | null => {
  if (living === undefined) return `no Case with the key ${key} is there: erase it as a deleted one, without --former`;
  const { Id: id, Sync_Status__c: status, Sync_Pending__c: pending } = living;
  if (status === 'Success' && pending === null) return null;
  return `Case ${String(id)} is not in agreement (${typeof status === 'string' ? status : 'not adopted'}): wait until what replaced its values has arrived outside, and ask again`;
};

const formerOf = (key: string, rows: readonly Row[]): RecordToErase => {
  const living = livingOf(rows);
  return {
    key,
    refusal: refusalOfFormer(key, living),
    values: living ? [valuesOf(living)] : [],
    left: [
      `what Salesforce itself keeps of Case ${String(living?.Id)}: its field history, feed, emails, comments, attachments`,
    ],
  };
};

/** Cases by their key or id, wherever Salesforce still knows them. */
export const erasableCases: ErasableRecords = {
  find: async (client, which, former) => {
    const recordOf = former ? formerOf : deletedOf;
    if ('key' in which) {
      const key = which.key.toLowerCase();
      return recordOf(key, await cases(client, `Sync_Key__c = ${quoted(key)}`));
    }
    if (!ID.test(which.id)) throw new UnusableInput(`${which.id} is no id of a Case: give 15 or 18 characters, 500…`);
    const rows = await cases(client, `Id = ${quoted(which.id)}`);
    const key = (rows[0]?.Sync_Key__c as string | undefined) ?? (await keyOfTombstone(client, which.id));
    if (!key)
      throw new UnusableInput(
        `neither a Case nor a tombstone has the id ${which.id}: give its key with --key (the registry and the audit know it)`,
      );
    return recordOf(key, rows);
  },
};
