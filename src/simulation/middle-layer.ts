import type { Clock } from 'kernel/clock.ts';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import { createMiddleLayer, type MiddleLayer } from '../middle-layer/index.ts';
import type { FlowInWorld } from './flow.ts';
import type { ProcessPlan } from './process.ts';
import type { World } from './world.ts';

/** Nothing is put off for so long. */
const DAY = 24 * 60 * 60_000;

export const MIDDLE_LAYER = 'middleLayer';
/** Where it serves in every world. */
export const MIDDLE_LAYER_URL = 'http://middle';

/** What the external system of a flow presents to it. */
export const callerToken = (flow: string): string => `secret-of-${flow}`;

/** What operators present to it. */
export const OPERATOR_TOKEN = 'operator-secret';

/** A flow in a world, and how the middle layer carries it. */
export interface CarriedInWorld {
  carried: CarriedFlow;
  inWorld: FlowInWorld;
}

/**
 * Rounds, as `run` would do them: a loop rests until the moment that `idle` tells. So what a round finds to do although
 * nothing was due is what a loop at rest would have slept through. The first round of a process looks at everything, an
 * event may wake a listening one in between, and the times of a clock that was days ahead are found by looking again.
 */
const roundsOf = (layer: MiddleLayer, clock: Clock, listens: boolean): (() => Promise<void>) => {
  let isFirst = true;
  return async () => {
    const { due, nextAttemptAt, nextPollAt } = await layer.idle();
    const now = clock.now();
    const mayFind = listens || isFirst;
    const isDue = due > 0 || [nextAttemptAt, nextPollAt].some((at) => at !== null && (at <= now || at > now + DAY));
    const did = await layer.step();
    if (did && !isDue && !mayFind)
      throw new Error('a round found work although nothing was due: at rest, it would have waited');
    isFirst = false;
  };
};

/** The middle layer of a world. `stream`: it listens to Salesforce's events, or else it only polls. */
export const middleLayerOf = (world: World, flows: readonly CarriedInWorld[], stream: boolean): ProcessPlan => ({
  name: MIDDLE_LAYER,
  host: new URL(MIDDLE_LAYER_URL).host,
  watch: (inner) => flows.reduce((watched, { inWorld }) => inWorld.watch?.(watched) ?? watched, inner),
  async start({ startsBefore, streamTransport, ...surroundings }) {
    const { clock } = surroundings;
    const byName = <T>(of: (flow: FlowInWorld, name: string) => T): Record<string, T> =>
      Object.fromEntries(flows.map(({ carried: { name }, inWorld }) => [name, of(inWorld, name)]));
    const listening = new AbortController();
    const layer = await createMiddleLayer({
      ...surroundings,
      // every second time another worker takes over, who does not know what the dead one held
      worker: `middle-layer-${Math.floor(startsBefore / 2)}`,
      salesforce: { instanceUrl: 'http://org', auth: { kind: 'accessToken', accessToken: world.org.info.accessToken } },
      flows: flows.map(({ carried }) => carried),
      external: byName(({ middleLayer }) => middleLayer.external),
      settings: {
        callers: { external: byName((_inWorld, name) => callerToken(name)), operator: OPERATOR_TOKEN, intake: null },
        flows: byName(({ middleLayer }) => middleLayer.settings),
      },
      ...(stream ? { streamTransport } : {}),
    });
    // the stream ends with its process, and only wakes the rest
    layer.listen(listening.signal).catch(() => {});
    return {
      handle: (request) => layer.handle(request),
      work: [roundsOf(layer, clock, stream)],
      end: () => listening.abort(new Error('the process has ended')),
    };
  },
});
