/** Who decides on what could not be entered: supervisors in the application, and sales in Salesforce. */
import { decide, type WantedDecision } from '../../../../service-app/decisions.ts';
import { openExceptions } from '../../../../service-app/db/ads.ts';
import type { Weighted } from '../../../../simulation/weighted.ts';
import { allContracts, allExceptions } from '../in-org.ts';
import type { Scene } from '../scene.ts';
import { remember } from './service-team.ts';
import type { Action } from './types.ts';

const BY = 'petra';
/** Exceptions that somebody has on the screen. */
const ON_SCREEN = 20;
const KINDS = ['NEXT_CONTRACT', 'CREDIT', 'DROP'] as const;

/** Any contract, a fulfilled one too: what that cannot take waits for another decision. */
const someContract = async (scene: Scene): Promise<{ Id: string; ContractNumber: string }> =>
  scene.pick(await allContracts(scene.world))!;

const decideInApp: Action = async (scene, serial) => {
  const ad = scene.pick(await openExceptions(scene.world.db, ON_SCREEN));
  if (!ad) return;
  const wanted: WantedDecision = {
    kind: scene.pick(KINDS)!,
    contractNumber: (await someContract(scene)).ContractNumber,
    reason: `reason ${serial}`,
  };
  const answered = await scene.inApp(`decides ${ad.id} ${JSON.stringify(wanted)}`, (context) =>
    decide(context, ad, wanted, BY),
  );
  if (answered) scene.world.network.count('decided in the application');
  await remember(scene, ad.id, answered);
};

const IN_SALESFORCE = {
  NEXT_CONTRACT: 'Next Contract',
  CREDIT: 'Credit',
  DROP: 'Drop',
} as const;

const decideInSalesforce: Action = async (scene, serial) => {
  const exception = scene.pick((await allExceptions(scene.world)).filter((row) => row.Open__c));
  if (!exception) return;
  const kind = scene.pick(KINDS)!;
  const { done } = await scene.sales.ask('PATCH', `/sobjects/Usage_Exception__c/${exception.Id}`, {
    Decision__c: IN_SALESFORCE[kind],
    Decision_Reason__c: kind === 'DROP' ? `reason ${serial}` : null,
    Next_Contract__c: kind === 'NEXT_CONTRACT' ? (await someContract(scene)).Id : null,
  });
  if (done) scene.world.network.count('decided in Salesforce');
};

/** Both at once: neither knows of the other. */
const decideOnBothSides: Action = async (scene, serial) => {
  const decideFirst = scene.chance(0.5) ? decideInApp : decideInSalesforce;
  await decideFirst(scene, serial);
  await (decideFirst === decideInApp ? decideInSalesforce : decideInApp)(scene, serial);
};

export const SUPERVISORS: readonly Weighted<Action>[] = [
  [0.9, decideInApp],
  [0.9, decideInSalesforce],
  [0.6, decideOnBothSides],
];
