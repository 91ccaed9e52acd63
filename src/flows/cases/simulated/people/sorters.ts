import type { Scene } from '../scene.ts';
import { everyCase, allCases, FIELDS, pick, type Action, type CaseRow } from './types.ts';

/** The scope of the hostile org leaves out complaints about its staff: who sorts Cases takes them out, and puts them back. */
const OUT = { Department__c: 'Staff' };
const IN = { Department__c: 'General' };

/** Cases out of the scope. */
const casesOut = async (scene: Scene): Promise<CaseRow[]> =>
  (await everyCase(scene)).filter(({ Sync_Status__c: status }) => status === null);

/** A Case that is never in the scope, or not from this save on. What stands in it then is nobody else's. */
const complain: Action = async (scene, _ledger, serial) => {
  const subject = `complaint ${serial}.`;
  const created = await scene.world.person<{ id: string }>('POST', '/sobjects/Case', { Subject: subject, ...OUT });
  if (created) scene.scope.keepsBack(created.id, [created.id, subject]);
};

const takeOut: Action = async (scene, ledger, serial) => {
  const row = pick(scene, await allCases(scene));
  if (!row) return;
  const subject = `taken out ${serial}.`;
  if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { Subject: subject, ...OUT })) === undefined)
    return;
  scene.world.network.count('host.taken out of the scope');
  scene.scope.keepsBack(row.Id, [subject]);
  ledger.note(row.Sync_Key__c, 'Subject', 'salesforce', subject, row.Subject);
};

/** Cases out of the scope are worked on as others are. */
const goOn: Action = async (scene, ledger, serial) => {
  const row = pick(scene, await casesOut(scene));
  const field = pick(scene, FIELDS)!;
  if (!row) return;
  const value = `kept back ${serial}.`;
  if ((await scene.world.person('PATCH', `/sobjects/Case/${row.Id}`, { [field]: value })) === undefined) return;
  scene.scope.keepsBack(row.Id, [value]);
  if (row.Sync_Key__c !== null) ledger.note(row.Sync_Key__c, field, 'salesforce', value, row[field] ?? null);
};

const remove: Action = async (scene, ledger) => {
  const row = pick(scene, await casesOut(scene));
  if (!row || (await scene.world.person('DELETE', `/sobjects/Case/${row.Id}`)) === undefined) return;
  if (row.Sync_Key__c !== null) ledger.deletedInside.add(row.Sync_Key__c);
};

const putBack = async (scene: Scene, { Id: id, Sync_Key__c: key }: CaseRow): Promise<void> => {
  if ((await scene.world.person('PATCH', `/sobjects/Case/${id}`, IN)) === undefined) return;
  scene.world.network.count(key === null ? 'host.adopted into the scope' : 'host.put back into the scope');
};

const takeBack: Action = async (scene) => {
  const row = pick(scene, await casesOut(scene));
  if (row) await scene.scope.lettingOut(row.Id, () => putBack(scene, row));
};

/** All that are out; how many there were. */
export const putAllBack = async (scene: Scene): Promise<number> => {
  const out = scene.world.hosted ? await casesOut(scene) : [];
  for (const row of out) await scene.scope.lettingOut(row.Id, () => putBack(scene, row));
  return out.length;
};

/** Weighted. */
export const SORTERS: [weight: number, Action][] = [
  [1.5, complain],
  [2, takeOut],
  [1.5, goOn],
  [0.3, remove],
  [2, takeBack],
];
