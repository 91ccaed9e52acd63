/** What Salesforce holds of usage, as everybody may see it. Units in thousandths: sums of them are exact. */
import type { World } from '../../../simulation/world.ts';

export const thousandths = (units: number | string | null): number => Math.round(Number(units ?? 0) * 1000);

export interface ContractRow {
  Id: string;
  ContractNumber: string;
  AccountId: string;
  Fulfilled__c: boolean;
  Overbooking__c: 'Block' | 'Flag';
  Usage_Currency__c: string | null;
}

export interface LineRow {
  Id: string;
  Contract__c: string;
  Product__c: string;
  Product__r: { ProductCode: string };
  Units__c: number;
  Unit_Price__c: number;
  Consumed_Units__c: number | null;
  Available_Units__c: number;
  Usage_Count__c: number | null;
}

export interface EntryRow {
  Id: string;
  Ad_Id__c: string;
  Booking_Key__c: string;
  Version__c: number;
  Cancelled__c: boolean;
  Units__c: number;
  Title__c: string | null;
  Line__c: string;
  Line__r: { Product__r: { ProductCode: string }; Contract__r: { ContractNumber: string } };
}

export interface ExceptionRow {
  Id: string;
  Ad_Id__c: string;
  Booking_Key__c: string;
  Version__c: number;
  Reason__c: string;
  Open__c: boolean;
  Decision__c: string | null;
  Next_Contract__r: { ContractNumber: string } | null;
  /** Null: it was not decided in Salesforce. */
  Decided_By__c: string | null;
  Pending__c: string | null;
}

export const allContracts = (world: World): Promise<ContractRow[]> =>
  world.query(
    'SELECT Id, ContractNumber, AccountId, Fulfilled__c, Overbooking__c, Usage_Currency__c FROM Contract ORDER BY Id',
  );

export const allLines = (world: World): Promise<LineRow[]> =>
  world.query(
    'SELECT Id, Contract__c, Product__c, Product__r.ProductCode, Units__c, Unit_Price__c, Consumed_Units__c, Available_Units__c, Usage_Count__c FROM Contract_Line__c ORDER BY Id',
  );

export const allEntries = (world: World): Promise<EntryRow[]> =>
  world.query(
    'SELECT Id, Ad_Id__c, Booking_Key__c, Version__c, Cancelled__c, Units__c, Title__c, Line__c, Line__r.Product__r.ProductCode, Line__r.Contract__r.ContractNumber FROM Usage_Entry__c ORDER BY Id',
  );

export const allExceptions = (world: World): Promise<ExceptionRow[]> =>
  world.query(
    'SELECT Id, Ad_Id__c, Booking_Key__c, Version__c, Reason__c, Open__c, Decision__c, Next_Contract__r.ContractNumber, Decided_By__c, Pending__c FROM Usage_Exception__c ORDER BY Id',
  );
