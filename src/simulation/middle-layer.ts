import type { CarriedFlow } from '../middle-layer/flow.ts';
import { createMiddleLayer } from '../middle-layer/index.ts';
import type { FlowInWorld } from './flow.ts';
import type { ProcessPlan } from './process.ts';
import type { World } from './world.ts';

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

/** The middle layer of a world. `stream`: it listens to Salesforce's events, or else it only polls. */
export const middleLayerOf = (world: World, flows: readonly CarriedInWorld[], stream: boolean): ProcessPlan => ({
  name: MIDDLE_LAYER,
  host: new URL(MIDDLE_LAYER_URL).host,
  watch: (inner) => flows.reduce((watched, { inWorld }) => inWorld.watch?.(watched) ?? watched, inner),
  async start({ startsBefore, streamTransport, ...surroundings }) {
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
      work: [() => layer.step()],
      end: () => listening.abort(new Error('the process has ended')),
    };
  },
});
