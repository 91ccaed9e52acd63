import { HOSTILE } from '../../../../shared/sample.ts';
import { Violation } from '../../../../simulation/process.ts';
import type { Scene } from '../scene.ts';
import { allCases, pick, type Action } from './types.ts';

const { queue } = HOSTILE.bornOutside;

/** The one who acts, or the queue of the org that has one. */
const ownerIds = async ({ world }: Scene): Promise<string[]> => {
  const queues = world.hosted
    ? await world.query<{ Id: string }>(`SELECT Id FROM Group WHERE Type = 'Queue' AND DeveloperName = '${queue}'`)
    : [];
  return [world.org.info.userId, ...queues.map(({ Id }) => Id)];
};

const stampsOf = async ({ world }: Scene, id: string): Promise<string> =>
  JSON.stringify(
    await world.query(
      `SELECT Sync_Version__c, Sync_Attempt__c, Sync_Status__c, Sync_Pending__c, External_Id__c, External_Revision__c FROM Case WHERE Id = '${id}'`,
    ),
  );

/** A Case goes to somebody else, in the save of all fields that a page makes: nothing that is synced changes, so nothing leaves. */
const reassign: Action = async (scene, ledger) => {
  const row = pick(
    scene,
    (await allCases(scene)).filter(({ Sync_Key__c: key }) => !ledger.bornOutside.has(key)),
  );
  const owner = pick(scene, await ownerIds(scene))!;
  if (!row) return;
  const before = await stampsOf(scene, row.Id);
  await scene.met;
  const saved = await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { OwnerId: owner, Subject: row.Subject });
  // who came into the transaction may have changed something
  if (saved !== undefined && !scene.hasMeetings && (await stampsOf(scene, row.Id)) !== before)
    throw new Violation(`another owner of the Case ${row.Id} made a new version`);
};

/** A tool brings sync fields with its save: they are taken as if they had not come. */
const forge: Action = async (scene) => {
  const row = pick(scene, await allCases(scene));
  if (!row) return;
  const before = await stampsOf(scene, row.Id);
  const saved = await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, {
    ...{ Sync_Status__c: 'Success', Sync_Pending__c: null, Sync_Version__c: 77, Sync_Attempt__c: 7 },
    ...{ External_Revision__c: 999, External_Id__c: 'SR-99999999' },
  });
  if (saved !== undefined && !scene.hasMeetings && (await stampsOf(scene, row.Id)) !== before)
    throw new Violation(`a save brought sync fields into the Case ${row.Id}`);
};

const CONTACTS = 3;

/**
 * In an org that makes a Contact for whoever reports, and refuses to make one twice, several Cases are entered at once;
 * one of them names somebody who may be known. It is refused alone, and of it nothing leaves; the others do.
 */
const enterSeveral: Action = async (scene, ledger, serial) => {
  const { world } = scene;
  if (!world.hosted) return;
  const subjects = [0, 1, 2].map((part) => `entered ${serial} ${part}`);
  const known = `From: reporter${serial % CONTACTS}@example.com`;
  const results = await world.person<{ id: string | null; success: boolean }[]>('POST', '/composite/sobjects', {
    allOrNone: false,
    records: subjects.map((Subject, part) => ({
      attributes: { type: 'Case' },
      Subject,
      ...(part === 1 ? { Description: known } : {}),
    })),
  });
  if (results === undefined) return;
  const there = new Map((await allCases(scene)).map((row) => [row.Subject, row.Sync_Key__c]));
  results.forEach(({ success }, part) => {
    const subject = subjects[part]!;
    const key = there.get(subject);
    if (success !== (key !== undefined))
      throw new Violation(`the Case "${subject}" was ${success ? 'saved' : 'refused'}, and is ${key ?? 'not there'}`);
    if (key !== undefined) ledger.note(key, 'Subject', 'salesforce', subject, null);
    else world.network.count('host.duplicate refused');
  });
};

/** Weighted. */
export const SUPERVISORS: [weight: number, Action][] = [
  [2, reassign],
  [1, enterSeveral],
  [1, forge],
];
