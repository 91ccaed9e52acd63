import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchTransport, json, serve } from 'kernel/http.ts';

test('a redirect is not followed: what was sent reaches no other origin', async () => {
  const reached: string[] = [];
  const elsewhere = await serve(async (request) => {
    reached.push(request.body);
    return json(202, {});
  });
  const moved = await serve(async () => ({
    status: 307,
    headers: { location: `${elsewhere.url}/v1/messages` },
    body: '',
  }));
  const response = await fetchTransport()({
    method: 'POST',
    url: `${moved.url}/v1/messages`,
    headers: { authorization: 'Bearer secret' },
    body: '{"messages":[]}',
  });
  assert.equal(response.status, 307);
  assert.deepEqual(reached, []);
  await Promise.all([elsewhere.close(), moved.close()]);
});
