import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, type Handler } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { atTimesBusy } from '../../../../src/flows/cases/simulated/busy.ts';

interface Receipt {
  id: string;
  accepted: boolean;
  retryable?: boolean;
}

const IDS = Array.from({ length: 200 }, (_, index) => `message ${index}`);
const request = {
  method: 'POST',
  url: '/v1/messages',
  headers: {},
  body: JSON.stringify({ messages: IDS.map((id) => ({ id })) }),
};

/** Accepts what reaches it, and remembers that. */
const registry = (taken: string[]): Handler => {
  return async ({ body }) => {
    const { messages } = JSON.parse(body) as { messages: { id: string }[] };
    taken.push(...messages.map(({ id }) => id));
    return json(202, { results: messages.map(({ id }) => ({ id, accepted: true })) });
  };
};

const resultsOf = async (handler: Handler): Promise<Receipt[]> =>
  (JSON.parse((await handler(request)).body) as { results: Receipt[] }).results;

test('some messages of a batch are left to be repeated, the others are taken; receipts stand in the order of the messages', async () => {
  const taken: string[] = [];
  const results = await resultsOf(atTimesBusy(registry(taken), seededRandom(1), () => true));
  assert.deepEqual(
    results.map(({ id }) => id),
    IDS,
  );
  const left = results.filter(({ accepted }) => !accepted);
  assert.ok(left.length > 0 && left.every(({ retryable }) => retryable === true), `${left.length} were left`);
  assert.deepEqual(
    taken,
    results.filter(({ accepted }) => accepted).map(({ id }) => id),
  );
});

test('while nothing breaks, all are taken', async () => {
  const taken: string[] = [];
  assert.ok(
    (await resultsOf(atTimesBusy(registry(taken), seededRandom(1), () => false))).every(({ accepted }) => accepted),
  );
  assert.deepEqual(taken, IDS);
});
