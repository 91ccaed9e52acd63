import { json } from 'kernel/http.ts';
import type { Chaos, Trouble } from '../../../simulation/chaos.ts';
import { allContracts, allEntries, allLines } from './in-org.ts';
import { setPoisonRule } from './poison.ts';
import { SERVICE_APP, type Scene } from './scene.ts';
import { sealingsIn } from './seals.ts';

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

/** The longest chain of steps that a seal of a seed takes. */
const STEPS = 8;

/** While a contract is sealed, an administrator changes an entry past the trigger, steps go on, and the entry is put back. */
const changeAmidSealing = async ({ world }: Scene, chaos: Chaos): Promise<void> => {
  const [sealing] = await sealingsIn(world);
  if (!sealing) return;
  const entries = (await allEntries(world)).filter(
    (row) => row.Line__r.Contract__r.ContractNumber === sealing.Contract__r.ContractNumber && !row.Cancelled__c,
  );
  // the one that is read next, or any
  const next = entries.toSorted((a, b) => (a.Booking_Key__c < b.Booking_Key__c ? -1 : 1))[sealing.Entries__c];
  const any = entries[chaos.upTo(entries.length)];
  const entry = chaos.upTo(2) === 0 ? (next ?? any) : any;
  if (!entry) return;
  world.network.count('entry changed and put back while it is sealed');
  // a later second than that of the fulfilment
  await world.clock.advance(2_000);
  world.org.clearFaults();
  const write = async (version: number): Promise<void> => {
    world.org.injectFault({ kind: 'bypass', object: 'Usage_Entry__c', code: '', message: '', count: 1 });
    await world.salesforce('PATCH', `/sobjects/Usage_Entry__c/${entry.Id}`, { Version__c: version });
  };
  await write(entry.Version__c + 1);
  for (let steps = 1 + chaos.upTo(STEPS); steps > 0; steps--) world.org.runNext();
  await write(entry.Version__c);
};

/** A step of a seal is started that is done, or under way. */
const stepTwice = async ({ world }: Scene): Promise<void> => {
  const [sealing] = await sealingsIn(world);
  if (!sealing) return;
  world.network.count('step of a seal started twice');
  const step = Math.max(0, sealing.Step__c - 1);
  for (const each of [step, sealing.Step__c]) world.apex(`System.enqueueJob(new SealStep('${sealing.Id}', ${each}));`);
};

/** What breaks of seals that take steps. These came later than the others, and are drawn beside them. */
export const troublesOfSealing = (scene: Scene, chaos: Chaos): Trouble[] => [
  [0.25, () => changeAmidSealing(scene, chaos)],
  [0.15, () => stepTwice(scene)],
  // a step dies: one of the next saves
  [0.15, () => chaos.rowLock('Contract_Sealing__c')],
  [0.03, () => chaos.rowLock('Contract_Seal__c')],
];

/** What asks for seals and decisions, and what reads contracts live. */
const PENDING = /\/composite$/;
const LIVE = /\/query\?/;

/** Queries of the middle layer and of the application that run for too long. */
export const troublesOfQueries = (chaos: Chaos): Trouble[] => [
  [0.04, () => chaos.queryTooSlow(PENDING)],
  [0.02, () => chaos.queryTooSlow(LIVE)],
];

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
