import { MIDDLE_LAYER_URL, OPERATOR_TOKEN } from '../../../../simulation/middle-layer.ts';
import { USAGE } from '../../carried/name.ts';
import type { Action } from './types.ts';

/** An operator sends all dead letters of usage again, as `npm run dead-letters -- retry --all` does. */
export const retryDeadLetters: Action = async ({ world }) => {
  await world.network
    .transport({
      method: 'POST',
      url: `${MIDDLE_LAYER_URL}/v1/dead-letters/retry`,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ flow: USAGE }),
    })
    .catch(() => undefined)
    .finally(() => world.revive());
};
