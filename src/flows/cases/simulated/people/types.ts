import type { Ledger } from '../../../../simulation/ledger.ts';
import type { Scene } from '../scene.ts';
import { SAMPLE } from '../../../../shared/sample.ts';

/** One thing that somebody does. `serial` makes every value that is written a new one. */
export type Action = (scene: Scene, ledger: Ledger, serial: number) => Promise<void>;

/** Free text fields: some owned by Salesforce, some by the external system. */
export const FIELDS = ['Subject', SAMPLE.play.ownedOutside, SAMPLE.play.ownedInside] as const;
export type Field = (typeof FIELDS)[number];

export interface CaseRow extends Record<Field, string | null> {
  Id: string;
  Subject: string | null;
  Sync_Key__c: string;
  External_Id__c: string | null;
  Sync_Status__c: string | null;
}

export interface RecordView {
  externalId: string;
  key: string;
  values: Record<string, string | null>;
  deletedAt: string | null;
}

export const pick = <T>(scene: Scene, items: readonly T[]): T | undefined =>
  items[Math.floor(scene.random.next() * items.length)];

/** Of any rows those that are synced: the others are out of the scope. */
export const inScope = <T extends { Sync_Status__c: unknown }>(rows: readonly T[]): T[] =>
  rows.filter(({ Sync_Status__c: status }) => status !== null);

/** Cases in the scope of the sync, and those out of it. */
export const everyCase = (scene: Scene): Promise<CaseRow[]> =>
  scene.world.query<CaseRow>(
    `SELECT Id, Sync_Key__c, External_Id__c, Sync_Status__c, ${FIELDS.join(', ')} FROM Case ORDER BY Id`,
  );

export const allCases = async (scene: Scene): Promise<CaseRow[]> => inScope(await everyCase(scene));

export const allRecords = async (scene: Scene): Promise<RecordView[]> =>
  (await scene.registry<{ cases: RecordView[] }>('GET', '/v1/cases?limit=1000'))?.cases.filter(
    ({ deletedAt }) => deletedAt === null,
  ) ?? [];
