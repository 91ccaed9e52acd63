/** Greetings in the simulation: who asks for them, a post office and a desk that answer over the faulty network, what must hold. */
import { json, TransportError, type Handler, type Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { CarriedFlow } from '../../../src/middle-layer/flow.ts';
import type { Result } from '../../../src/middle-layer/types.ts';
import type { FlowInWorld, SimulatedFlow } from '../../../src/simulation/flow.ts';
import { callerToken, MIDDLE_LAYER_URL, OPERATOR_TOKEN } from '../../../src/simulation/middle-layer.ts';
import { isPlain, parsed } from '../../../src/shared/shapes.ts';
import { streamOf } from '../../../src/simulation/streams.ts';
import type { MessageRules } from '../../../src/simulation/message-model.ts';
import type { World } from '../../../src/simulation/world.ts';
import { GREETINGS, greetings, type Greeting, type Outside } from './flow.ts';

const POST_URL = 'http://post';
const DESK_URL = 'http://desk';
/** Of the names that are greeted. */
const WITHOUT_STAMP = 0.2;

const over = (transport: Transport): Outside => {
  const hand = async (url: string, id: string, content: object): Promise<Result> => {
    try {
      const { status, body } = await transport({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id, ...content }),
      });
      if (status === 422) return { is: 'refused', code: 'NO_STAMP', cause: 'the letter has no stamp' };
      if (status !== 200) return { is: 'unavailable', code: `HTTP_${status}` };
      const answer = parsed(body);
      return isPlain(answer)
        ? { is: 'done', outcome: 'TAKEN', news: answer.text }
        : { is: 'unavailable', code: 'FOREIGN_ANSWER' };
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return { is: 'unavailable', code: 'NO_ANSWER' };
    }
  };
  return {
    greet: (greeting: Greeting, id) => hand(`${POST_URL}/letters`, id, greeting),
    reply: (text, id) => hand(`${DESK_URL}/replies`, id, { text }),
  };
};

/** What a receiver has taken, each message once by its id. */
class Taken {
  readonly byId = new Map<string, string>();

  handler(answer: (text: string) => object | null): Handler {
    return async (request) => {
      const { id, name, text } = JSON.parse(request.body) as { id: string; name?: string; text?: string };
      const content = name ?? text ?? '';
      const answered = answer(content);
      if (!answered) return json(422, {});
      this.byId.set(id, content);
      return json(200, answered);
    };
  }

  times(content: string): number {
    return [...this.byId.values()].filter((text) => text === content).length;
  }
}

const MESSAGES: MessageRules = {
  rank: () => null,
  begins: ({ kind }) => kind === 'greeting',
  fits: ({ attempt, version, revision }) => attempt === null && version === null && revision === null,
  lanes: {},
  lingerMs: {},
};

class GreetingsInWorld implements FlowInWorld {
  readonly processes = [];
  readonly middleLayer = { external: { url: POST_URL, token: 'none' }, settings: {}, messages: MESSAGES };
  readonly faultCounts: Record<string, number> = {};
  readonly #world: World;
  readonly #random: Random;
  readonly #letters = new Taken();
  readonly #replies = new Taken();
  /** The names whose greeting the middle layer has accepted. */
  readonly #accepted = new Set<string>();
  readonly #unstamped = new Set<string>();

  constructor(world: World, seed: number, isForgetful: boolean) {
    this.#world = world;
    this.#random = streamOf(seed, 'greetings');
    world.network.attach(
      'post',
      this.#letters.handler((name) => (this.#unstamped.has(name) ? null : { text: `hello from ${name}` })),
    );
    const desk = this.#replies.handler(() => ({}));
    world.network.attach('desk', isForgetful ? async () => json(200, {}) : desk);
  }

  async act(serial: number): Promise<void> {
    const name = `guest ${serial}`;
    if (this.#random.next() < WITHOUT_STAMP) {
      this.#unstamped.add(name);
      this.faultCounts['no stamp'] = (this.faultCounts['no stamp'] ?? 0) + 1;
    }
    const answer = await this.#ask('/v1/greetings', callerToken(GREETINGS), { name });
    // by its content: something else may answer 202 in the middle layer's place
    if (isPlain(answer) && answer['key'] === name) this.#accepted.add(name);
  }

  /** What a 202 says; null for any other answer, or none. */
  async #ask(path: string, token: string, body: object): Promise<unknown> {
    try {
      const response = await this.#world.network.transport({
        method: 'POST',
        url: `${MIDDLE_LAYER_URL}${path}`,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      return response.status === 202 ? (parsed(response.body) ?? null) : null;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return null;
    }
  }

  async breakSomething(): Promise<void> {}
  disturb(): void {}
  calm(): void {}
  async resume(): Promise<void> {}

  /** Somebody puts the stamps on, and an operator sends the dead letters again. */
  async correct(): Promise<void> {
    this.#unstamped.clear();
    await this.#ask('/v1/dead-letters/retry', OPERATOR_TOKEN, { flow: GREETINGS });
  }

  async underWay(): Promise<string[]> {
    return [];
  }

  async always(): Promise<string[]> {
    return [...this.#letters.byId.values()]
      .filter((name) => this.#letters.times(name) > 1)
      .map((name) => `${name} was greeted twice`);
  }

  async atRest(): Promise<string[]> {
    const lost = [...this.#accepted].flatMap((name) => [
      ...(this.#letters.times(name) === 1
        ? []
        : [`the greeting of ${name} was accepted, and sent ${this.#letters.times(name)} times`]),
      ...(this.#replies.times(`hello from ${name}`) === 1 ? [] : [`the reply to ${name} did not come once`]),
    ]);
    return [...(await this.always()), ...lost];
  }
}

const carried: CarriedFlow = {
  name: GREETINGS,
  migrations: null,
  over: ({ transport }) => greetings(over(transport)),
};

/** `isForgetful`: the desk says that it has taken a reply, and forgets it. */
export const simulatedGreetings = ({ isForgetful = false } = {}): SimulatedFlow => ({
  name: GREETINGS,
  carried,
  databases: [],
  activation: ['Integer nothing = 0;'],
  enter: (world, seed) => new GreetingsInWorld(world, seed, isForgetful),
});
