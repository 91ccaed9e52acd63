import { Violation } from '../../../../simulation/process.ts';
import type { Scene } from '../scene.ts';
import { allCases, pick, type Action } from './types.ts';

/** No registry gives such a number. */
const UNKNOWN = 'OTHER-TOOL-1';

const upsertByNumber = (scene: Scene, number: string, values: Record<string, unknown>): Promise<unknown> =>
  scene.world.person('PATCH', `/sobjects/Case/External_Id__c/${number}`, values);

/** A tool that knows Cases by their number in the registry changes one: it finds the Case, and makes no other. */
const changeKnown: Action = async (scene, ledger, serial) => {
  const row = pick(
    scene,
    (await allCases(scene)).filter(({ External_Id__c: number }) => number !== null),
  );
  if (!row) return;
  await scene.met;
  const Subject = `inside ${serial} by number`;
  const saved = await upsertByNumber(scene, row.External_Id__c!, { Subject });
  const changed = (await allCases(scene)).filter((each) => each.Subject === Subject);
  if (changed.some(({ Id }) => Id !== row.Id))
    throw new Violation(`an upsert by the number ${row.External_Id__c} made a Case beside ${row.Id}`);
  if (saved !== undefined) ledger.note(row.Sync_Key__c, 'Subject', 'salesforce', Subject, row.Subject);
};

/** One that brings a number of its own would give a Case the identity of a record that the registry does not have: it is refused. */
const bringUnknown: Action = async (scene, _ledger, serial) => {
  const Subject = `brought ${serial}`;
  const saved = await upsertByNumber(scene, UNKNOWN, { Subject });
  const made = (await allCases(scene)).some((each) => each.Subject === Subject);
  if (saved !== undefined || made) throw new Violation(`a tool made a Case under the number ${UNKNOWN}`);
};

/** Weighted. */
export const ANOTHER_TOOL: [weight: number, Action][] = [
  [2, changeKnown],
  [1, bringUnknown],
];
