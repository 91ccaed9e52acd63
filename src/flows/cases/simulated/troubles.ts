import type { Chaos, Trouble } from '../../../simulation/chaos.ts';
import { changeSchema } from './schema-change.ts';
import { REGISTRY, type Scene } from './scene.ts';

const MINUTE = 60_000;
const WAKE_UP_EVENT = 'Case_Sync_Requested__e';

const downtime = async (scene: Scene, chaos: Chaos): Promise<void> => {
  scene.world.network.count('downtime');
  scene.faults.downUntil = scene.world.process(REGISTRY).clock.now() + chaos.upTo(40 * MINUTE);
};

/** The registry takes requests and write-backs for hours and does nothing with them: an outage that looks like none. */
const blackHole = async ({ world, faults }: Scene, chaos: Chaos): Promise<void> => {
  world.network.count('registry takes all and does nothing');
  const { loseIncoming } = faults.plan;
  faults.set({ loseIncoming: { ...loseIncoming, request: 1, writeBack: 1 } });
  const quarters = 4 * (2 + chaos.upTo(5));
  await chaos.pass(quarters * 15 * MINUTE, quarters);
  faults.set({ loseIncoming });
};

/** What breaks of the registry, of Cases and of their events. */
export const troublesOf = (scene: Scene, chaos: Chaos): Trouble[] => [
  [0.05, () => chaos.crash(REGISTRY, 50)],
  [0.04, () => downtime(scene, chaos)],
  [0.04, () => chaos.rowLock('Case')],
  [0.015, () => chaos.skew(REGISTRY)],
  [0.0025, () => chaos.daysAhead(REGISTRY)],
  [0.02, () => chaos.eventGap(WAKE_UP_EVENT)],
  [0.02, () => chaos.eventOverflow(WAKE_UP_EVENT)],
  // an administrator deploys a rule that refuses some values, or takes it back
  [0.005, () => changeSchema(scene, !scene.refusesSomeResolutions)],
  [0.004, () => blackHole(scene, chaos)],
  [0.002, () => chaos.stranger(REGISTRY)],
];

const SWEEP = /\/composite$/;

/** What breaks where much waits. These came later than the others, and are drawn beside them. */
export const troublesOfBacklogs = (chaos: Chaos): Trouble[] => [[0.05, () => chaos.queryTooSlow(SWEEP)]];

/** The registry's faults of this seed. */
export const disturbRegistry = ({ faults }: Scene, chaos: Chaos): void => {
  const share = (most: number): number => chaos.share(most);
  faults.set({
    loseIncoming: { request: share(0.2), acknowledge: share(0.3), writeBack: share(0.3), deletion: share(0.5) },
    loseOutgoing: {
      record: share(0.2),
      requestWanted: share(0.3),
      refused: share(0.2),
      writeBackConfirmed: share(0.3),
      deletionRecorded: share(0.3),
      deleted: share(0.5),
    },
    duplicate: share(0.3),
    reorder: share(0.5),
    refuse: share(0.1),
    timeoutAfterCommit: share(0.1),
  });
  chaos.skewAtFirst(REGISTRY);
};

export const calmRegistry = ({ faults }: Scene): void => {
  faults.set({ loseIncoming: {}, loseOutgoing: {}, duplicate: 0, reorder: 0, refuse: 0, timeoutAfterCommit: 0 });
  faults.downUntil = 0;
};
