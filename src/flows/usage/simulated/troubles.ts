import { json } from 'kernel/http.ts';
import type { Chaos, Trouble } from '../../../simulation/chaos.ts';
import { allContracts, allLines } from './in-org.ts';
import { setPoisonRule } from './poison.ts';
import { SERVICE_APP, type Scene } from './scene.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Longer than anybody waits for a row: 10 seconds. */
const MIN_HELD_MS = 11_000;
const MAX_HELD_MS = 120_000;

/** Somebody holds a contract, or a line of one. */
const holdRow = async ({ world }: Scene, chaos: Chaos): Promise<void> => {
  const rows = [...(await allContracts(world)), ...(await allLines(world))];
  world.network.count('row held');
  world.org.holdRows([rows[chaos.upTo(rows.length)]!.Id], MIN_HELD_MS + chaos.upTo(MAX_HELD_MS - MIN_HELD_MS));
};

/** For an hour nothing reaches Salesforce, while people go on to book. */
const orgAway = async ({ world }: Scene): Promise<void> => {
  world.network.count('org away for an hour of bookings');
  world.network.replace('org', world.clock.now() + HOUR, { status: 503, headers: {}, body: '' });
};

/** What answers in the place of the middle layer takes a batch, and says of no message that it is taken. */
const receiptsLost = async ({ world }: Scene): Promise<void> => {
  world.network.count('batch without receipts');
  world.network.answerNext('middle', json(202, { results: [] }));
};

/** What breaks of the service application, of contracts and of usage. */
export const troublesOf = (scene: Scene, chaos: Chaos): Trouble[] => [
  [0.06, () => chaos.crash(SERVICE_APP, 60)],
  [0.03, () => chaos.rowLock('Usage_Entry__c')],
  [0.02, () => chaos.rowLock('Usage_Exception__c')],
  [0.03, () => holdRow(scene, chaos)],
  [0.015, () => chaos.skew(SERVICE_APP)],
  [0.0025, () => chaos.daysAhead(SERVICE_APP)],
  [0.03, () => receiptsLost(scene)],
  [0.1, () => scene.lateReports.arrive(chaos.upTo(1_000) / 1_000)],
  [0.01, () => orgAway(scene)],
  [0.006, () => chaos.away([SERVICE_APP], 'service application away for hours', 5 * HOUR, 20)],
  [0.002, () => chaos.stranger('service')],
  [0.012, () => setPoisonRule(scene, !scene.refusesPoison)],
];
