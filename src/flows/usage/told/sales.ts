/** What sales does in Salesforce, and what it sees there. */
import type { OrgConnection } from '../../../story/org/connect.ts';
import type { Held, HeldUse } from './proof.ts';

/** What the article's contract sells: product number, units, price of a unit. */
export const SOLD = [
  ['GIGANTIC', 5, 900],
  ['SMALL', 3, 40],
] as const;

/** A contract that ads are booked on. */
export interface SoldContract {
  id: string;
  number: string;
}

const create = async (admin: OrgConnection, object: string, values: Record<string, unknown>): Promise<string> =>
  (await admin.sobject(object).create(values)).id!;

/** Sells Magic Ads Inc five gigantic and three small ads, on an activated contract that takes no more than that. */
export const sellAds = async (admin: OrgConnection): Promise<SoldContract> => {
  const account = await create(admin, 'Account', { Name: 'Magic Ads Inc' });
  const id = await create(admin, 'Contract', {
    AccountId: account,
    StartDate: '2026-11-01',
    ContractTerm: 12,
    Usage_Currency__c: 'EUR',
    Overbooking__c: 'Block',
  });
  for (const [code, units, price] of SOLD) {
    const product = await create(admin, 'Product2', { Name: `${code} ad`, ProductCode: code, IsActive: true });
    await create(admin, 'Contract_Line__c', {
      Contract__c: id,
      Product__c: product,
      Units__c: units,
      Unit_Price__c: price,
    });
  }
  await admin.sobject('Contract').update({ Id: id, Status: 'Activated' });
  const { records } = await admin.query<{ ContractNumber: string }>(
    `SELECT ContractNumber FROM Contract WHERE Id = '${id}'`,
  );
  return { id, number: records[0]!.ContractNumber };
};

/** Sells three small ads more to the customer of a contract: what comes too late for that may go on this one. */
export const sellNext = async (admin: OrgConnection, { id }: SoldContract): Promise<SoldContract> => {
  const { AccountId } = (await admin.sobject('Contract').retrieve(id)) as { AccountId: string };
  const next = await create(admin, 'Contract', {
    AccountId,
    StartDate: '2027-11-01',
    ContractTerm: 12,
    Usage_Currency__c: 'EUR',
  });
  const { records } = await admin.query<{ Product__c: string; Units__c: number; Unit_Price__c: number }>(
    `SELECT Product__c, Units__c, Unit_Price__c FROM Contract_Line__c WHERE Contract__c = '${id}' AND Product__r.ProductCode = 'SMALL'`,
  );
  const { Product__c, Units__c, Unit_Price__c } = records[0]!;
  await create(admin, 'Contract_Line__c', { Contract__c: next, Product__c, Units__c, Unit_Price__c });
  const { ContractNumber } = (await admin.sobject('Contract').retrieve(next)) as { ContractNumber: string };
  return { id: next, number: ContractNumber };
};

/** Credits an ad that waits for a decision, on the record of its exception. */
export const credit = async (admin: OrgConnection, adId: string): Promise<void> => {
  const { records } = await admin.query<{ Id: string }>(
    `SELECT Id FROM Usage_Exception__c WHERE Open__c = TRUE AND Ad_Id__c = '${adId}'`,
  );
  const [exception] = records;
  if (!exception) throw new Error(`nothing of ad ${adId} waits for a decision in Salesforce`);
  await admin.sobject('Usage_Exception__c').update({ Id: exception.Id, Decision__c: 'Credit' });
};

export const fulfil = async (admin: OrgConnection, { id }: SoldContract): Promise<void> => {
  await admin.sobject('Contract').update({ Id: id, Fulfilled__c: true });
};

/** Of a contract. */
export const renameAccount = async (admin: OrgConnection, contractId: string, name: string): Promise<void> => {
  const { AccountId } = (await admin.sobject('Contract').retrieve(contractId)) as { AccountId: string };
  await admin.sobject('Account').update({ Id: AccountId, Name: name });
};

/** Tries what nobody may on a fulfilled contract. Returns the words with which the org refuses it; throws when it does not. */
export const changeAPrice = async (admin: OrgConnection, { id }: SoldContract): Promise<string> => {
  const { records } = await admin.query<{ Id: string }>(
    `SELECT Id FROM Contract_Line__c WHERE Contract__c = '${id}' LIMIT 1`,
  );
  const refusal = await admin
    .sobject('Contract_Line__c')
    .update({ Id: records[0]!.Id, Unit_Price__c: 1 })
    .then(
      () => null,
      (error: Error) => error.message,
    );
  if (refusal === null) throw new Error('an administrator changed a price of a fulfilled contract');
  return refusal;
};

/** Units that are left of each product of a contract, as the org computes them. */
export const unitsLeft = async (admin: OrgConnection, { id }: SoldContract): Promise<string> => {
  const { records } = await admin.query<{
    Product__r: { ProductCode: string };
    Units__c: number;
    Available_Units__c: number;
  }>(
    `SELECT Product__r.ProductCode, Units__c, Available_Units__c FROM Contract_Line__c WHERE Contract__c = '${id}' ORDER BY Product__r.ProductCode`,
  );
  return records
    .map((line) => `${line.Available_Units__c} of ${line.Units__c} ${line.Product__r.ProductCode} left`)
    .join(', ');
};

interface EntryRow {
  Ad_Id__c: string;
  Units__c: number;
  Line__r: { Contract__r: { ContractNumber: string }; Product__r: { ProductCode: string } };
}

interface ExceptionRow {
  Ad_Id__c: string;
  Units__c: number;
  Contract_Number__c: string;
  Product_Number__c: string;
}

interface LineRow {
  Consumed_Units__c: number;
  Contract__r: { ContractNumber: string };
  Product__r: { ProductCode: string };
}

/** All usage that the org holds. */
export const readUsage = async (admin: OrgConnection): Promise<Held> => {
  const [entries, exceptions, lines] = await Promise.all([
    admin.query<EntryRow>(
      'SELECT Ad_Id__c, Units__c, Line__r.Contract__r.ContractNumber, Line__r.Product__r.ProductCode FROM Usage_Entry__c WHERE Cancelled__c = FALSE',
    ),
    admin.query<ExceptionRow>(
      'SELECT Ad_Id__c, Units__c, Contract_Number__c, Product_Number__c FROM Usage_Exception__c WHERE Open__c = TRUE',
    ),
    admin.query<LineRow>(
      'SELECT Consumed_Units__c, Contract__r.ContractNumber, Product__r.ProductCode FROM Contract_Line__c',
    ),
  ]);
  return {
    entries: entries.records.map((row): HeldUse => {
      const { Contract__r, Product__r } = row.Line__r;
      return {
        adId: row.Ad_Id__c,
        contract: Contract__r.ContractNumber,
        product: Product__r.ProductCode,
        units: row.Units__c,
      };
    }),
    exceptions: exceptions.records.map((row) => ({
      adId: row.Ad_Id__c,
      contract: row.Contract_Number__c,
      product: row.Product_Number__c,
      units: row.Units__c,
    })),
    lines: lines.records.map((row) => ({
      contract: row.Contract__r.ContractNumber,
      product: row.Product__r.ProductCode,
      consumed: row.Consumed_Units__c,
    })),
  };
};
