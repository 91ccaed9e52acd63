import type { Chaos, Trouble } from '../../../simulation/chaos.ts';
import { FEEDS, OBJECTS } from './config.ts';
import { TRIED_OUT } from './judge.ts';
import { heldOf } from './org.ts';
import { PROGRAMS, type Scene } from './scene.ts';
import { VIEWS_HOST } from './views.ts';

const HOUR = 3_600_000;
/** Longer than anybody waits for a row: 10 seconds. */
const MIN_HELD_MS = 11_000;
const MAX_HELD_MS = 120_000;

/** Somebody else holds a record that is fed. */
const holdRow = async ({ world }: Scene, chaos: Chaos): Promise<void> => {
  const held = [...(await heldOf(world, FEEDS[chaos.upTo(FEEDS.length)]!)).values()];
  const record = held[chaos.upTo(held.length)];
  if (!record) return;
  world.network.count('row held');
  world.org.holdRows([record.id], MIN_HELD_MS + chaos.upTo(MAX_HELD_MS - MIN_HELD_MS));
};

/** Salesforce refuses the next saves: a rule that somebody tries out. */
const refuse = async ({ world }: Scene, chaos: Chaos): Promise<void> => {
  const { object } = OBJECTS[chaos.upTo(2) === 0 ? 'stores' : 'agreements'];
  world.network.count('save refused');
  const message = 'a rule that somebody tries out';
  const count = 1 + chaos.upTo(3);
  world.org.injectFault({ kind: 'save', object, code: TRIED_OUT, message, count });
};

const lock = (chaos: Chaos): Promise<void> =>
  chaos.rowLock(OBJECTS[chaos.upTo(2) === 0 ? 'stores' : 'agreements'].object);

/** For an hour nothing reaches Salesforce: longer than the program waits. */
const orgAway = async ({ world }: Scene): Promise<void> => {
  world.network.count('org away for an hour of feeds');
  world.network.replace('org', world.clock.now() + HOUR, { status: 503, headers: {}, body: '' });
};

/** What breaks of the program, of its way to both sides, and of the records. */
export const troublesOf = (scene: Scene, chaos: Chaos): Trouble[] => [
  [0.14, () => chaos.crash(PROGRAMS[chaos.upTo(2)]!, 120)],
  [0.04, () => lock(chaos)],
  [0.04, () => holdRow(scene, chaos)],
  [0.04, () => refuse(scene, chaos)],
  [0.03, () => chaos.answer('API limit', 403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')],
  [0.015, () => chaos.skew(PROGRAMS[chaos.upTo(2)]!)],
  [0.01, () => orgAway(scene)],
  [0.004, () => chaos.stranger(VIEWS_HOST)],
];
