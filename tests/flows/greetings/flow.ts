/**
 * A flow that exists only here: `POST /v1/greetings` queues a `greeting` for the target `post`; what the post answers
 * is told to the target `desk` as a `reply`. It shows what a flow needs of the shared parts, and that they need no
 * change for one more.
 */
import { json } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { addToCounter } from '../../../src/middle-layer/db/counters.ts';
import { lockDeadLetter } from '../../../src/middle-layer/db/dead-letters.ts';
import { readCounters } from '../../../src/middle-layer/db/counters.ts';
import { insertInbox } from '../../../src/middle-layer/db/inbox.ts';
import { lockKeys } from '../../../src/middle-layer/db/keys.ts';
import { closeRetried } from '../../../src/middle-layer/queue/close-retried.ts';
import type { FlowParts, Retry } from '../../../src/middle-layer/flow.ts';
import { enqueue } from '../../../src/middle-layer/queue/enqueue.ts';
import type { ClaimedMessage, Draft, FlowContext, Result, Timed } from '../../../src/middle-layer/types.ts';
import { jsonBody, RequestError } from '../../../src/shared/router.ts';

export const GREETINGS = 'greetings';

export interface Greeting {
  name: string;
}

/** Who takes the messages: what it answers decides what becomes of them. */
export interface Outside {
  greet: (greeting: Greeting, id: string) => Result | Promise<Result>;
  reply: (text: string, id: string) => Result | Promise<Result>;
}

const draft = (context: FlowContext, target: string, kind: string, key: string, payload: object): Draft => ({
  id: randomUuid(context.random),
  target,
  kind,
  key,
  version: null,
  attempt: null,
  revision: null,
  ordinal: null,
  begins: kind === 'greeting',
  payload,
});

/** Once: who asks again has not heard that it was taken in. */
const queue = (context: FlowContext, key: string, drafts: readonly Draft[]): Promise<void> =>
  context.db.transaction(async (tx) => {
    await lockKeys(tx, GREETINGS, [key]);
    if ((await insertInbox(tx, GREETINGS, [key], new Date(context.clock.now()))).size === 0) return;
    await enqueue(context, tx, drafts);
    await addToCounter(tx, GREETINGS, 'greetings', drafts.length);
  });

const again = (context: FlowContext, id: number, key: string): Promise<Retry> =>
  context.db.transaction(async (tx): Promise<Retry> => {
    await lockKeys(tx, GREETINGS, [key]);
    const letter = await lockDeadLetter(tx, id);
    if (!letter) return { outcome: 'unknown' };
    if (letter.resolution) return { outcome: 'closed', resolution: letter.resolution };
    const repeated = draft(context, letter.target, letter.kind, key, letter.message);
    await closeRetried(context, tx, letter, repeated);
    await enqueue(context, tx, [repeated]);
    return { outcome: 'retried', messageId: repeated.id };
  });

export const greetings = (outside: Outside): FlowParts => ({
  name: GREETINGS,
  migrations: null,
  open: (context, view) => {
    const timed = (result: Result): Timed => ({ ...result, durationMs: 0 });
    return {
      targets: {
        post: (messages: ClaimedMessage[]) =>
          Promise.all(messages.map(async ({ id, payload }) => timed(await outside.greet(payload as Greeting, id)))),
        desk: (messages: ClaimedMessage[]) =>
          Promise.all(
            messages.map(async ({ id, payload }) => timed(await outside.reply((payload as { text: string }).text, id))),
          ),
      },
      sources: [],
      routes: {
        'POST /v1/greetings': {
          role: 'external',
          handle: async (request) => {
            const { name } = jsonBody(request);
            if (typeof name !== 'string') throw new RequestError(400, 'BAD_REQUEST', 'name must be a text');
            await queue(context, name, [draft(context, 'post', 'greeting', name, { name })]);
            view.onQueued();
            return json(202, { key: name });
          },
        },
      },
      settled: async (_tx, outcomes) =>
        outcomes.flatMap(({ message, result, state }) =>
          state === 'done' && result.is === 'done' && message.kind === 'greeting'
            ? [draft(context, 'desk', 'reply', message.key, { text: result.news })]
            : [],
        ),
      retry: {
        one: ({ id, key }) => again(context, id, key),
        many: async (letters) => {
          for (const { id, key } of letters) await again(context, id, key);
          return { retried: letters.length, closed: 0, refused: [] };
        },
      },
      tidy: async () => ({}),
      erase: async () => ({ rows: {}, values: [] }),
      readiness: async () => ({ problems: [], shown: {} }),
      status: async () => ({ said: (await readCounters(context.db))[GREETINGS]?.greetings ?? 0 }),
    };
  },
});
