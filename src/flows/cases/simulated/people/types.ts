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

export const allCases = (scene: Scene): Promise<CaseRow[]> =>
  scene.world.query<CaseRow>(
    `SELECT Id, Sync_Key__c, External_Id__c, Sync_Status__c, ${FIELDS.join(', ')} FROM Case ORDER BY Id`,
  );

export const allRecords = async (scene: Scene): Promise<RecordView[]> =>
  (await scene.registry<{ cases: RecordView[] }>('GET', '/v1/cases?limit=1000'))?.cases.filter(
    ({ deletedAt }) => deletedAt === null,
  ) ?? [];
