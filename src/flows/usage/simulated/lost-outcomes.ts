import { json, type Handler } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import { isPlain, parsed } from '../../../shared/shapes.ts';
import type { World } from '../../../simulation/world.ts';

/** The service application says that it has taken outcomes, and forgets them: a restored database, a bug of yesterday. */
export class LostOutcomes {
  /** The share of batches that is lost. */
  share = 0;
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  over(inner: Handler): Handler {
    return async (request) => {
      const ids = request.url === '/v1/messages' ? outcomesIn(request.body) : null;
      if (ids === null || this.#random.next() >= this.share) return inner(request);
      this.#world.network.count('outcomes taken and lost');
      return json(202, { results: ids.map((id) => ({ id, accepted: true })) });
    };
  }
}

/** The ids of a batch that has outcomes of ads and nothing else; null otherwise. */
const outcomesIn = (body: string): string[] | null => {
  const batch = parsed(body);
  const messages = isPlain(batch) && Array.isArray(batch.messages) ? (batch.messages as unknown[]) : [];
  const outcomes = messages.filter(
    (message): message is { id: string } =>
      isPlain(message) && message.kind === 'outcome' && typeof message.id === 'string',
  );
  return outcomes.length > 0 && outcomes.length === messages.length ? outcomes.map(({ id }) => id) : null;
};
