import { deployRule } from '../../../simulation/deploy.ts';
import type { Scene } from './scene.ts';
import { SAMPLE } from '../../../shared/sample.ts';

/** The external system's text may no longer be changed to a text with this in it: some values that people and the registry give have it. */
const REFUSED_TEXT = '7';

const FIELD = SAMPLE.play.ownedOutside;

/** An administrator deploys a rule that refuses some values, or takes it back. */
export const changeSchema = async (scene: Scene, refuses: boolean): Promise<void> => {
  scene.world.network.count(refuses ? 'schema change' : 'schema change taken back');
  scene.refusesSomeResolutions = refuses;
  await deployRule(scene.world, {
    object: 'Case',
    name: 'Refuses_Some_Resolutions',
    active: refuses,
    refuses: `AND(ISCHANGED(${FIELD}), CONTAINS(${FIELD}, "${REFUSED_TEXT}"))`,
    message: 'This resolution is not allowed any more.',
  });
};
