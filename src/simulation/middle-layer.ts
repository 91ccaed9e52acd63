import type { Clock } from 'kernel/clock.ts';
import type { SalesforceAuth } from '../shared/salesforce/login.ts';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import { createMiddleLayer, type MiddleLayer } from '../middle-layer/index.ts';
import type { FlowInWorld, MiddleLayerNeeds } from './flow.ts';
import type { MessageWatch } from './message-watch.ts';
import type { ProcessPlan } from './process.ts';
import { TODAY, type Upgrade } from './upgrade.ts';
import { UnderWay } from './under-way.ts';
import type { World } from './world.ts';

/** Nothing is put off for so long. */
const DAY = 24 * 60 * 60_000;
/** Where nobody upgrades the middle layer, it never looks for that. */
const NEVER_MS = 36_500 * DAY;

export const MIDDLE_LAYER = 'middleLayer';
/** A second worker on the same database, in some worlds. */
export const SECOND_WORKER = 'middleLayer 2';
/** All that may be workers of the middle layer. */
export const WORKERS: readonly string[] = [MIDDLE_LAYER, SECOND_WORKER];
/** Where they serve in every world. */
export const MIDDLE_LAYER_URL = 'http://middle';
const MIDDLE_LAYER_HOST = new URL(MIDDLE_LAYER_URL).host;
const SECOND_HOST = `${MIDDLE_LAYER_HOST}-2`;

/** What the external system of a flow presents to it. */
export const callerToken = (flow: string): string => `secret-of-${flow}`;

/** What operators present to it. */
export const OPERATOR_TOKEN = 'operator-secret';

/** A flow in a world, and how the middle layer carries it, if it does. */
export interface EnteredFlow {
  carried?: CarriedFlow;
  inWorld: FlowInWorld;
}

/**
 * Rounds, as `run` would do them: a loop rests until the moment that `idle` tells. So what a round finds to do although
 * nothing was due is what a loop at rest would have slept through. The first round of a process looks at everything, an
 * event may wake a listening one in between, others may bring work while it looks (`isDisturbed`), and the times of a clock that was
 * days ahead are found by looking again. When the next message can be sent is told while one waits, and only then; how many can be
 * now, and when the first can be, as the rows say.
 */
const roundsOf = (
  layer: MiddleLayer,
  clock: Clock,
  { isDisturbed, queue, sources }: { isDisturbed: boolean; queue: MessageWatch | null; sources: number },
): (() => Promise<void>) => {
  let isFirst = true;
  return async () => {
    const { due, nextAttemptAt, nextPollAt } = await layer.idle();
    const now = clock.now();
    const waits = isDisturbed ? null : (queue?.waits ?? null);
    if (waits !== null && waits !== (nextAttemptAt !== null))
      throw new Error(`messages ${waits ? 'wait' : 'do not wait'}, and the next attempt is told for ${nextAttemptAt}`);
    // what was due before now is due now
    const notBefore = (at: number | null): number | null => (at === null ? null : Math.max(at, now));
    const known = isDisturbed ? null : (queue?.due(now) ?? null);
    const polls = due - (known?.count ?? 0);
    if (known && !(polls >= 0 && polls <= sources && notBefore(nextAttemptAt) === notBefore(known.first)))
      throw new Error(
        `${known.count} messages are due, the first one at ${known.first}; told are ${due}, and ${nextAttemptAt}`,
      );
    const mayFind = isDisturbed || isFirst;
    const isDue = due > 0 || [nextAttemptAt, nextPollAt].some((at) => at !== null && (at <= now || at > now + DAY));
    const did = await layer.step();
    if (did && !isDue && !mayFind)
      throw new Error('a round found work although nothing was due: at rest, it would have waited');
    isFirst = false;
  };
};

/**
 * A round in which its loops run by themselves, as in a process, until all of them rest. Their errors, which a process
 * only logs, break what must hold here.
 */
const runsOf = (layer: MiddleLayer, underWay: UnderWay, failures: string[]): (() => Promise<void>) => {
  return async () => {
    const stopping = new AbortController();
    layer.start(stopping.signal);
    await underWay.ended();
    stopping.abort(new Error('the round has ended'));
    await underWay.ended();
    if (failures.length > 0) throw new Error(failures.splice(0).join('; '));
  };
};

/** The session that the world has now: after a restart of the org it is another one. */
const authOf = (world: World): SalesforceAuth => ({
  kind: 'accessToken',
  get accessToken() {
    return world.session;
  },
});

export interface WorkersOptions {
  /** They listen to Salesforce's events, or else they only poll. */
  stream: boolean;
  /** Two on one database, behind one address. */
  two: boolean;
  /** Its loops run by themselves within a round, or else a round asks each of them once. Of one worker without events. */
  runs: boolean;
  /** Of two: they are upgraded one after the other, or null. */
  upgrade: Upgrade | null;
  /** Watches what they make of their queue, or null. */
  queue: MessageWatch | null;
}

/** The workers of the middle layer of a world. */
export const middleLayersOf = (
  world: World,
  flows: readonly EnteredFlow[],
  { two, ...options }: WorkersOptions,
): ProcessPlan[] => {
  const first = workerOf(world, flows, { name: MIDDLE_LAYER, host: MIDDLE_LAYER_HOST, ...options });
  if (!two) return [first];
  world.network.share(MIDDLE_LAYER_HOST, [MIDDLE_LAYER_HOST, SECOND_HOST]);
  return [first, workerOf(world, flows, { name: SECOND_WORKER, host: SECOND_HOST, ...options })];
};

const workerOf = (
  world: World,
  flows: readonly EnteredFlow[],
  { name: worker, host, stream, runs, upgrade, queue }: { name: string; host: string } & Omit<WorkersOptions, 'two'>,
): ProcessPlan => ({
  name: worker,
  host,
  watch: (inner, sender) => flows.reduce((watched, { inWorld }) => inWorld.watch?.(watched, sender) ?? watched, inner),
  watchDatabase: (inner, { clock }) => queue?.over(inner, clock) ?? inner,
  async start({ startsBefore, streamTransport, ...surroundings }) {
    const { clock } = surroundings;
    const { over, ...program } = upgrade?.programOf(worker) ?? TODAY;
    const underWay = new UnderWay();
    const failures: string[] = [];
    const carried = flows.flatMap((flow) => flow.carried ?? []);
    const byName = <T>(of: (needs: MiddleLayerNeeds, name: string) => T): Record<string, T> =>
      Object.fromEntries(
        flows.flatMap(({ carried: one, inWorld: { middleLayer } }) =>
          one && middleLayer ? [[one.name, of(middleLayer, one.name)]] : [],
        ),
      );
    const listening = new AbortController();
    const layer = await createMiddleLayer({
      ...surroundings,
      ...program,
      db: underWay.over(over(surroundings.db)),
      transport: underWay.overTransport(surroundings.transport),
      log: (level, event, detail) => {
        if (level === 'error' && event === 'loop failed') failures.push(JSON.stringify(detail));
      },
      // every second time another worker takes over, who does not know what the dead one held
      worker: `${worker}-${Math.floor(startsBefore / 2)}`,
      salesforce: { instanceUrl: 'http://org', auth: authOf(world) },
      flows: carried,
      external: byName(({ external }) => external),
      settings: {
        callers: { external: byName((_needs, name) => callerToken(name)), operator: OPERATOR_TOKEN, intake: null },
        flows: byName(({ settings }) => settings),
        ...(upgrade ? {} : { schemaCheckMs: NEVER_MS }),
      },
      ...(stream ? { streamTransport } : {}),
    });
    // the stream ends with its process, and only wakes the rest
    layer.listen(listening.signal).catch(() => {});
    return {
      handle: (request) => layer.handle(request),
      work: [
        runs
          ? runsOf(layer, underWay, failures)
          : roundsOf(layer, clock, {
              ...{ isDisturbed: stream || world.interleaving !== null, queue },
              // a flow has one at most
              sources: carried.length,
            }),
      ],
      end: () => listening.abort(new Error('the process has ended')),
    };
  },
});
