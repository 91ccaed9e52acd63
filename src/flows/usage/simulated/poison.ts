import { deployRule, type DeployTarget } from '../../../simulation/deploy.ts';
import type { Scene } from './scene.ts';

/** What an ad's title has that Salesforce refuses while an administrator's rule says so. */
export const POISON = 'poison';

/** The rule as it is deployed. */
export const deployPoisonRule = (target: DeployTarget, active: boolean): Promise<void> =>
  deployRule(target, {
    object: 'Usage_Entry__c',
    name: 'Refuses_Poison',
    active,
    refuses: `CONTAINS(Title__c, "${POISON}")`,
    message: 'No such ads.',
  });

/** An administrator deploys a rule that refuses some ads, or takes it back. */
export const setPoisonRule = async (scene: Scene, refuses: boolean): Promise<void> => {
  scene.world.network.count(refuses ? 'rule against some ads' : 'rule against some ads taken back');
  scene.refusesPoison = refuses;
  await deployPoisonRule(scene.world, refuses);
};
