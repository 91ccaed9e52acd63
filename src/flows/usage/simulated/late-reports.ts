import type { Transport } from 'kernel/http.ts';
import type { World } from '../../../simulation/world.ts';

const REPORT = '/services/apexrest/concord/v1/usage/report';
/** Calls that may come once more. */
const KEPT = 30;

/** Calls that report usage, as some way through the network keeps them: one of them arrives once more, long after its answer. */
export class LateReports {
  readonly #world: World;
  readonly #bodies: string[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Watches what the middle layer sends. What was put off is sent again by itself. */
  over(inner: Transport): Transport {
    return async (request) => {
      const response = await inner(request);
      if (request.url.endsWith(REPORT) && response.status === 200 && !response.body.includes('REFUSED')) {
        this.#bodies.push(request.body);
        this.#bodies.splice(0, this.#bodies.length - KEPT);
      }
      return response;
    };
  }

  /** `at`: from 0 up to 1, which of them. */
  async arrive(at: number): Promise<void> {
    const body = this.#bodies[Math.floor(at * this.#bodies.length)];
    if (body === undefined) return;
    this.#world.network.count('report once more, late');
    const { org } = this.#world;
    const headers = { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' };
    await org.handle({ method: 'POST', url: REPORT, headers, body });
  }
}
