import { contentOf } from '../../src/reconciliation/digest/content.ts';
import type { Ledger } from './workload.ts';
import type { World } from './world.ts';

const OWN_FIELDS = ['Subject', 'Resolution__c', 'Incident_Address__c', 'Status', 'Priority', 'Origin'] as const;

interface CaseRow extends Record<string, unknown> {
  Id: string;
  Sync_Key__c: string;
  Sync_Status__c: string;
  Sync_Version__c: number;
  Sync_Pending__c: string | null;
  Sync_Error_Code__c: string | null;
  External_Id__c: string | null;
}

interface RecordRow {
  key: string;
  external_id: string;
  request_version: number | null;
  salesforce_case_id: string | null;
  sync_status: string;
  values: Record<string, string | null>;
  deleted_at: Date | null;
  salesforce_deletion: unknown;
}

const cases = (world: World): Promise<CaseRow[]> =>
  world.query<CaseRow>(
    `SELECT Id, Sync_Key__c, Sync_Status__c, Sync_Version__c, Sync_Pending__c, Sync_Error_Code__c, External_Id__c, ${OWN_FIELDS.join(', ')} FROM Case ORDER BY Id LIMIT 2000`,
  );

const records = (world: World): Promise<RecordRow[]> => world.db.query<RecordRow>('SELECT * FROM case_record ORDER BY key');

/** What must hold at every moment, faults or not. */
export const checkAlways = async (world: World): Promise<string[]> => {
  const broken: string[] = [];
  const outside = new Map((await records(world)).map((record) => [record.key, record]));
  const seen = new Map<string, string>();
  for (const row of await cases(world)) {
    const twin = outside.get(row.Sync_Key__c);
    if (row.Sync_Status__c === 'Success') {
      const holds = twin && twin.salesforce_case_id === row.Id && (twin.request_version === null || twin.request_version >= row.Sync_Version__c || row.Sync_Version__c === 1);
      if (!holds && !twin?.deleted_at) {
        broken.push(`Case ${row.Id} says Success at version ${row.Sync_Version__c}, outside: ${twin ? `version ${twin.request_version}, Case id ${twin.salesforce_case_id}` : 'nothing'}`);
      }
    }
    if (row.External_Id__c !== null) {
      const other = seen.get(row.External_Id__c);
      if (other) broken.push(`Cases ${other} and ${row.Id} both hold ${row.External_Id__c}`);
      seen.set(row.External_Id__c, row.Id);
    }
  }
  const twice = await world.db.query<{ key: string; request_version: number; n: number }>(
    'SELECT key, request_version, count(*)::int AS n FROM case_revision WHERE request_values IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1',
  );
  for (const { key, request_version: version, n } of twice) broken.push(`version ${version} of ${key} was applied ${n} times`);
  return broken;
};

const TYPES = Object.fromEntries(OWN_FIELDS.map((field) => [field, 'text' as const]));

/** What must hold after quiet time: everything arrived, both sides are equal, no update of anybody is lost without its owner's winning. */
export const checkAtRest = async (world: World, ledger: Ledger): Promise<string[]> => {
  const broken = await checkAlways(world);
  const outside = new Map((await records(world)).map((record) => [record.key, record]));
  const inside = new Map((await cases(world)).map((row) => [row.Sync_Key__c, row]));
  for (const row of inside.values()) {
    const twin = outside.get(row.Sync_Key__c);
    if (row.Sync_Status__c !== 'Success') {
      broken.push(`Case ${row.Id} rests as ${row.Sync_Status__c}, pending ${row.Sync_Pending__c}, ${row.Sync_Error_Code__c}`);
      continue;
    }
    if (!twin) continue;
    const [ours, theirs] = [contentOf(row as never, TYPES), contentOf(twin.values, TYPES)];
    if (ours !== theirs) broken.push(`Case ${row.Id} differs from ${twin.external_id}:\n${ours}\n---\n${theirs}`);
  }
  for (const record of outside.values()) {
    if (record.deleted_at || record.salesforce_deletion) continue;
    if (!inside.has(record.key)) broken.push(`${record.external_id} has no Case`);
    else if (record.sync_status !== 'Success') broken.push(`${record.external_id} rests as ${record.sync_status}`);
  }
  for (const [key, field, values] of ledger.entries()) {
    const row = inside.get(key);
    if (!row || outside.get(key)?.deleted_at) continue;
    const last = Object.values(values).filter((value) => value !== undefined);
    if (!last.includes(row[field] as string)) broken.push(`${field} of Case ${row.Id} is ${JSON.stringify(row[field])}, the last values given were ${JSON.stringify(values)}`);
  }
  return broken;
};
