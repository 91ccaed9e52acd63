import { MIDDLE_LAYER_URL, OPERATOR_TOKEN } from './middle-layer.ts';
import type { World } from './world.ts';

/** An operator sends all dead letters of a flow again, as `npm run dead-letters -- retry --all` does. */
export const retryDeadLettersOf = async (world: World, flow: string): Promise<void> => {
  await world.network
    .transport({
      method: 'POST',
      url: `${MIDDLE_LAYER_URL}/v1/dead-letters/retry`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ flow }),
    })
    .catch(() => undefined)
    .finally(() => world.revive());
};
