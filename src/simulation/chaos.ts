import { json, type HttpResponse } from 'kernel/http.ts';
import { changeSchema } from './schema-change.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const LOCK_ERROR = 'unable to obtain exclusive access to this record or 1 records';
const salesforceError = (status: number, errorCode: string, message: string): HttpResponse =>
  json(status, [{ message, errorCode }]);

type Trouble = (world: World) => Promise<void>;

const upTo = (world: World, most: number): number => Math.floor(world.random.next() * most);

/** Events get lost on their way to their subscribers. */
const eventGap: Trouble = async (world) => {
  world.network.count('event gap');
  const count = 1 + upTo(world, 20);
  world.org.injectFault({ kind: 'event', object: 'Case_Sync_Requested__e', code: '', message: '', count });
};

/** The org has used up what it may publish in an hour. */
const eventOverflow: Trouble = async (world) => {
  world.network.count('event overflow');
  world.org.injectFault({
    kind: 'save',
    object: 'Case_Sync_Requested__e',
    code: 'LIMIT_EXCEEDED',
    message: 'You have reached the limit of platform events that may be published in an hour.',
    count: 1 + upTo(world, 20),
  });
};

/** An administrator deploys a rule that refuses some values, or takes it back. */
const schemaChange: Trouble = (world) => changeSchema(world, !world.refusesSomeResolutions);

const answers =
  (name: string, status: number, errorCode: string, message: string): Trouble =>
  async (world) => {
    world.network.count(name);
    world.network.answerNext('org', salesforceError(status, errorCode, message));
  };

const downtime: Trouble = async (world) => {
  world.network.count('downtime');
  world.faults.downUntil = world.clocks.external.now() + upTo(world, 40 * MINUTE);
};

const rowLock: Trouble = async (world) => {
  world.network.count('row lock');
  world.org.injectFault({
    kind: 'save',
    object: 'Case',
    code: 'UNABLE_TO_LOCK_ROW',
    message: LOCK_ERROR,
    count: 1 + upTo(world, 3),
  });
};

/** A clock is set: forth or back, as time synchronisation does. */
const skew: Trouble = async (world) => {
  world.network.count('clock skew');
  const clock = world.clocks[world.random.next() < 0.5 ? 'middleLayer' : 'external'];
  clock.offset = upTo(world, 6 * MINUTE) - 3 * MINUTE;
};

/** A clock is days ahead for a moment, as after a wrong reading, and is set right again. */
const daysAhead: Trouble = async (world) => {
  world.network.count('clock days ahead');
  const clock = world.clocks[world.random.next() < 0.5 ? 'middleLayer' : 'external'];
  clock.offset = 72 * HOUR;
  for (let rounds = 1 + upTo(world, 4); rounds > 0; rounds--) {
    await world.round();
    await world.clock.advance(10_000);
  }
  clock.offset = 0;
};

const middleLayerAway = async (world: World, name: string, ms: number, steps: number): Promise<void> => {
  world.network.count(name);
  world.lives.middleLayer.dieIn(1);
  world.revives = false;
  await world.outages.during(world, async () => {
    for (let step = 0; step < steps; step++) {
      await world.round();
      await world.clock.advance(ms / steps);
    }
  });
  world.revives = true;
  await world.revive();
};

/** The middle layer is gone for longer than Salesforce keeps events: 72 hours. */
const longOutage: Trouble = (world) => middleLayerAway(world, 'outage beyond event retention', 80 * HOUR, 12);

/** The external system takes requests and write-backs for hours and does nothing with them: an outage that looks like none. */
const blackHole: Trouble = async (world) => {
  world.network.count('registry takes all and does nothing');
  const { loseIncoming } = world.faults.plan;
  world.faults.set({ loseIncoming: { ...loseIncoming, request: 1, writeBack: 1 } });
  const quarters = 4 * (2 + upTo(world, 5));
  for (let quarter = 0; quarter < quarters; quarter++) {
    await world.round();
    await world.clock.advance(15 * MINUTE);
  }
  world.faults.set({ loseIncoming });
};

/** What stands in the place of a side while it is maintained, or cut off by a proxy: none of it is that side's word. */
const STRANGERS: HttpResponse[] = [
  { status: 503, headers: {}, body: 'maintenance' },
  { status: 400, headers: { 'content-type': 'text/html' }, body: '<html><body>Request blocked</body></html>' },
  { status: 200, headers: {}, body: 'null' },
  { status: 200, headers: {}, body: '{}' },
  { status: 202, headers: {}, body: '{"results":[]}' },
  { status: 413, headers: {}, body: '<html></html>' },
];

/** For hours a side is away, and something else answers in its place. */
const stranger: Trouble = async (world) => {
  const { network, clock, random } = world;
  network.count('something else answers for hours');
  const host = random.next() < 0.5 ? 'org' : 'external';
  const steps = 12;
  network.replace(host, clock.now() + 4 * HOUR, STRANGERS[upTo(world, STRANGERS.length)]!);
  for (let step = 0; step <= steps; step++) {
    await world.round();
    await clock.advance((4 * HOUR) / steps);
  }
};

/** The middle layer is away for longer than all attempts of the job would take. */
const awayForHours: Trouble = (world) => middleLayerAway(world, 'middle layer away for hours', 5 * HOUR, 20);

/** Probability of each between two actions of people. */
const TROUBLES: [share: number, Trouble][] = [
  [0.06, async (world) => world.crashSoon('middleLayer', 80)],
  [0.05, async (world) => world.crashSoon('external', 50)],
  [0.03, async (world) => world.restartOrg()],
  [0.04, downtime],
  [0.04, rowLock],
  [0.02, answers('API limit', 403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')],
  [0.02, answers('governor limit', 500, 'APEX_ERROR', 'System.LimitException: Apex CPU time limit exceeded')],
  [0.02, answers('expired session', 401, 'INVALID_SESSION_ID', 'Session expired or invalid')],
  [0.03, skew],
  [0.005, daysAhead],
  [0.02, eventGap],
  [0.02, eventOverflow],
  [0.005, schemaChange],
  [0.002, longOutage],
  [0.004, blackHole],
  [0.004, stranger],
  [0.003, awayForHours],
];

/** Something breaks, or nothing does. */
export const breakSomething = async (world: World): Promise<void> => {
  let at = world.random.next();
  for (const [share, trouble] of TROUBLES) {
    at -= share;
    if (at < 0) return trouble(world);
  }
};
