import type { Tools } from '../../../simulation/flow.ts';
import type { Ledger } from '../../../simulation/ledger.ts';
import { backUpMiddleLayer } from '../../../simulation/backup.ts';
import { Invariants } from './invariants.ts';
import { PAST_GRACE, reconciled } from './planted.ts';
import { FIRST_SERIAL, LATER_EDITS, LOST_EDITS, people } from './restored.ts';
import type { Scene } from './scene.ts';

/**
 * The middle layer's database is put back to an earlier state while things break, or is lost: what it had carried is open
 * again, what it had taken in since is forgotten, and the sides have gone on. They have lost nothing, so nothing may be
 * lost: after quiet both agree, every edit counts as ever, and the comparison finds nothing to repair.
 */
export const checkRestoredMiddleLayer = async (
  scene: Scene,
  ledger: Ledger,
  { settle, disturb, calm }: Tools,
  isLost: boolean,
): Promise<string[]> => {
  scene.world.network.count(isLost ? 'middle layer lost' : 'middle layer restored');
  const restore = await backUpMiddleLayer(scene.world, isLost);
  disturb();
  await people(scene, ledger, FIRST_SERIAL, LOST_EDITS);
  // in half of the seeds what is forgotten had arrived everywhere
  if (scene.random.next() < 0.5) {
    calm();
    await scene.world.revive();
    await settle();
    disturb();
  }
  await restore();
  await people(scene, ledger, FIRST_SERIAL + LOST_EDITS, LATER_EDITS);
  calm();
  await scene.world.revive();
  const stuck = await settle();
  if (stuck.length > 0) return ['not at rest after the middle layer was restored', ...stuck];
  const broken = await new Invariants(scene, ledger).atRest();
  if (broken.length > 0) return broken;
  await scene.world.clock.advance(PAST_GRACE);
  const { discrepancies } = await reconciled(scene, true);
  // what only people can decide was there before
  const repairable = discrepancies.filter(({ repair }) => repair !== null);
  return repairable.map(({ kind, key, detail }) => `the restored middle layer left ${kind} of ${key}: ${detail}`);
};
