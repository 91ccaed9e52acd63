import { Violation } from '../../../../simulation/process.ts';
import { assignPermissionSets } from '../../../../simulation/org-users.ts';
import { CASES } from '../../carried/name.ts';
import { type BreakerBounds, JOB_BREAKER } from '../job-model.ts';
import type { Scene } from '../scene.ts';
import type { Action } from './types.ts';

/** After a change of synced fields or of the scope an administrator renews what was synced; here, only to be sure: nothing differs. */
export const renew: Action = async ({ world }) => {
  world.network.count('renewal');
  world.apex('CaseRenewal.run();');
};

/** What a careful administrator lets the job ask for again without a look. */
const CAREFUL = { least: 2, share: 5 };

const setJobBreaker = ({ world, breaker }: Scene, { least, share }: BreakerBounds): void => {
  const set = world.apex(
    `Id org = UserInfo.getOrganizationId();
     Concord_Operator_Setting__c setting = Concord_Operator_Setting__c.getValues(org) ??
       new Concord_Operator_Setting__c(SetupOwnerId = org);
     setting.Job_Breaker_Least__c = ${least};
     setting.Job_Breaker_Share__c = ${share};
     upsert setting;`,
  );
  if (set) breaker.bounds = { least, share };
};

const isBreakerOpen = async ({ world }: Scene): Promise<boolean> =>
  (await world.query(`SELECT Id FROM Sync_Control__c WHERE Key__c = 'flow:${CASES}' AND Breaker_Open_Since__c != null`))
    .length > 0;

/** A person closes the breaker, and may not before they have the permission. */
const closeBreaker = async (scene: Scene): Promise<void> => {
  const { world, breaker } = scene;
  if (!(await isBreakerOpen(scene))) return;
  const close = (): boolean => world.apex(`ConcordBreaker.close('${CASES}');`);
  if (!breaker.mayBeClosed) {
    if (close() || !(await isBreakerOpen(scene)))
      throw new Violation('somebody without the permission closed the breaker');
    breaker.mayBeClosed = world.apex(assignPermissionSets('UserInfo.getUserId()', ['Concord_Breaker']));
  }
  world.network.count('breaker closed');
  if (close() && (await isBreakerOpen(scene))) throw new Violation('the breaker stays open after a person closed it');
};

/** Weighted: sometimes very little may be asked for again at once, and whoever looks lets it go on. */
export const CAREFUL_ADMINISTRATORS: [weight: number, Action][] = [
  [1, async (scene) => setJobBreaker(scene, CAREFUL)],
  [1, closeBreaker],
];

/** The bounds are those that come with Concord again, and nothing keeps the job from its work. */
export const liftBreaker = async (scene: Scene): Promise<void> => {
  if (scene.breaker.bounds !== JOB_BREAKER) setJobBreaker(scene, JOB_BREAKER);
  await closeBreaker(scene);
};
