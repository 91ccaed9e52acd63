/** What nobody may do, tried by an administrator and by whoever reports usage. */
import { Violation } from '../../../../simulation/process.ts';
import { allContracts, allEntries, allLines } from '../in-org.ts';
import type { Reply } from '../org.ts';
import type { Scene } from '../scene.ts';
import { sealingsIn } from '../seals.ts';
import type { Weighted } from '../../../../simulation/weighted.ts';
import type { Action } from './types.ts';

const refused = (scene: Scene, what: string, { done }: Reply): void => {
  if (done) throw new Violation(`an administrator could ${what}`);
  scene.world.network.count(`forbidden.${what}`);
};

/** An administrator is no service application: by any API. */
const touchEntries: Action = async (scene) => {
  const { sales, world } = scene;
  const entry = scene.pick(await allEntries(world));
  if (!entry) return;
  const path = `/sobjects/Usage_Entry__c/${entry.Id}`;
  refused(scene, 'change an entry', await sales.ask('PATCH', path, { Units__c: 0.5 }));
  refused(scene, 'delete an entry', await sales.ask('DELETE', path));
  const made = { Line__c: entry.Line__c, Booking_Key__c: `${entry.Ad_Id__c}#20`, Units__c: 1 };
  refused(scene, 'make an entry', await sales.ask('POST', '/sobjects/Usage_Entry__c', made));
  const apex = encodeURIComponent(`delete [SELECT Id FROM Usage_Entry__c WHERE Id = '${entry.Id}'];`);
  const { body } = await sales.ask('GET', `/tooling/executeAnonymous/?anonymousBody=${apex}`);
  refused(scene, 'delete an entry by Apex', { done: (body as { success?: boolean }).success === true, body });
};

/** Nobody changes what is fulfilled, the administrator who fulfilled it neither. */
const touchFulfilled: Action = async (scene) => {
  const { sales, world } = scene;
  const contract = scene.pick((await allContracts(world)).filter((row) => row.Fulfilled__c));
  if (!contract) return;
  const of = `/sobjects/Contract/${contract.Id}`;
  refused(scene, 'take a fulfilment back', await sales.ask('PATCH', of, { Fulfilled__c: false }));
  refused(scene, 'delete a fulfilled contract', await sales.ask('DELETE', of));
  refused(scene, 'delete its account', await sales.ask('DELETE', `/sobjects/Account/${contract.AccountId}`));
  const sealing = (await sealingsIn(world)).find(({ Contract__c: id }) => id === contract.Id);
  if (sealing) {
    const ofSealing = `/sobjects/Contract_Sealing__c/${sealing.Id}`;
    refused(scene, 'change a seal in progress', await sales.ask('PATCH', ofSealing, { Entries__c: 0 }));
    refused(scene, 'delete a seal in progress', await sales.ask('DELETE', ofSealing));
  }
  const line = scene.pick((await allLines(world)).filter(({ Contract__c: id }) => id === contract.Id));
  if (!line) return;
  const ofLine = `/sobjects/Contract_Line__c/${line.Id}`;
  refused(scene, 'change locked units', await sales.ask('PATCH', ofLine, { Units__c: line.Units__c + 1 }));
  refused(scene, 'change a locked price', await sales.ask('PATCH', ofLine, { Unit_Price__c: line.Unit_Price__c + 1 }));
  refused(scene, 'delete a locked line', await sales.ask('DELETE', ofLine));
};

/** Who may report usage meets the same lock: in the trigger, and, where an administrator has switched it off, in the rule. */
const touchLocked: Action = async (scene) => {
  const { world } = scene;
  const fulfilled = new Set(
    (await allContracts(world)).filter((row) => row.Fulfilled__c).map((row) => row.ContractNumber),
  );
  const entry = scene.pick(
    (await allEntries(world)).filter((row) => fulfilled.has(row.Line__r.Contract__r.ContractNumber)),
  );
  if (!entry) return;
  const change = (): Promise<unknown> =>
    world.person('PATCH', `/sobjects/Usage_Entry__c/${entry.Id}`, { Units__c: entry.Units__c + 1 });
  const tell = (what: string, done: unknown): void => refused(scene, what, { done: done !== undefined, body: null });
  tell('change a locked entry', await change());
  tell('delete a locked entry', await world.person('DELETE', `/sobjects/Usage_Entry__c/${entry.Id}`));
  world.org.injectFault({ kind: 'bypass', object: 'Usage_Entry__c', code: '', message: '', count: 1 });
  tell('change a locked entry past the trigger', await change());
};

export const FORBIDDEN: readonly Weighted<Action>[] = [
  [0.7, touchEntries],
  [0.7, touchFulfilled],
  [0.7, touchLocked],
];
