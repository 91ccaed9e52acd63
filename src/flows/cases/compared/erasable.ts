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
    `SELECT Id, IsDeleted, Sync_Key__c, ${Object.keys(types).join(', ')} FROM Case WHERE ${where}`,
  );
};

/** The key of a Case that was purged, by its tombstone. */
const keyOfTombstone = async (client: SalesforceClient, id: string): Promise<string | null> => {
  const [row] = await client.query(
    `SELECT Sync_Key__c FROM Sync_Tombstone__c WHERE Case_Id__c = ${quoted(id)} LIMIT 1`,
  );
  return (row?.Sync_Key__c as string | undefined) ?? null;
};

const recordOf = (key: string, rows: readonly Row[]): RecordToErase => {
  const living = rows.find(({ IsDeleted: isDeleted }) => isDeleted === false);
  return {
    key,
    refusal: living
      ? `Case ${String(living.Id)} is still there, and its values would be copied again: delete it in Salesforce first, wait until the deletion has arrived outside, and ask again`
      : null,
    values: rows.map(({ attributes: _type, Id: _id, Sync_Key__c: _key, ...values }) => values),
    left: rows.map(
      ({ Id: id }) =>
        `Case ${String(id)} is in Salesforce's recycle bin with its values, until that is emptied (after 15 days by itself)`,
    ),
  };
};

/** Cases by their key or id, wherever Salesforce still knows them. */
export const erasableCases: ErasableRecords = {
  find: async (client, which) => {
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
