import { randomUuid } from 'kernel/random.ts';
import type { CaseRow } from './people/types.ts';
import type { Scene } from './scene.ts';

/** Makes two records on one side stand for one on the other; answers the key that the pair is found under, or null when there is no other record. */
type MakeDuplicate = (scene: Scene, row: CaseRow) => Promise<string | null>;

/** Someone at the registry's database copies a record with all that it holds; `caseId` is what becomes of the Case id. */
const copied =
  (caseId: string): MakeDuplicate =>
  async (scene, { Sync_Key__c: key }) => {
    const copy = randomUuid(scene.random);
    await scene.world.db.query(
      `INSERT INTO case_record (external_id, key, revision, values, extra, request_version, origin_case_id,
                                salesforce_case_id, sync_status, created_at, updated_at)
       SELECT external_id || '-COPY', $2, revision, values, extra, request_version, coalesce(origin_case_id, salesforce_case_id),
              ${caseId}, sync_status, created_at, updated_at
         FROM case_record WHERE key = $1`,
      [key, copy],
    );
    return copy;
  };

/** The record gets another key: two keys for one pair, reported once, under the key that comes first. */
const rekeyed: MakeDuplicate = async (scene, { Sync_Key__c: key }) => {
  const other = randomUuid(scene.random);
  await scene.world.db.query('UPDATE case_record SET key = $2 WHERE key = $1', [key, other]);
  return key < other ? key : other;
};

/** A record takes the Case id of another, although it has a Case of its own. */
const misled: MakeDuplicate = async (scene, { Sync_Key__c: key }) => {
  const changed = await scene.world.db.query(
    `UPDATE case_record AS record SET salesforce_case_id = other.salesforce_case_id
       FROM (SELECT salesforce_case_id FROM case_record
              WHERE key <> $1 AND salesforce_case_id IS NOT NULL AND deleted_at IS NULL AND salesforce_deletion IS NULL
              ORDER BY key LIMIT 1) AS other
      WHERE record.key = $1
  RETURNING record.key`,
    [key],
  );
  return changed.length > 0 ? key : null;
};

/** A load past the trigger makes a second Case with the external id of the first. */
const loaded: MakeDuplicate = async (scene, { Id, External_Id__c: externalId, Subject }) => {
  const key = randomUuid(scene.random);
  scene.world.org.injectFault({ kind: 'bypass', object: 'Case', code: '', message: '', count: 2 });
  await scene.world.salesforce('PATCH', `/sobjects/Case/${Id}`, { External_Id__c: null });
  await scene.world.salesforce('POST', '/sobjects/Case', {
    Subject,
    Sync_Key__c: key,
    Sync_Status__c: 'Success',
    Sync_Version__c: 1,
    External_Id__c: externalId,
  });
  return key;
};

export const DUPLICATES: readonly MakeDuplicate[] = [
  copied('salesforce_case_id'),
  copied('NULL'),
  rekeyed,
  misled,
  loaded,
];
