import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchTransport, json, serve, TransportError } from '../src/http.ts';

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

test('a request arrives as it was sent, and its answer as it was given', async () => {
  const server = await serve(async ({ method, url, headers, body }) =>
    json(201, { method, url, type: headers['content-type'], body }, { 'x-kept': 'yes' }),
  );
  const { status, headers, body } = await fetchTransport()({
    method: 'POST',
    url: `${server.url}/v1/things?limit=2`,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'grüße',
  });
  assert.deepEqual([status, headers['x-kept']], [201, 'yes']);
  assert.deepEqual(JSON.parse(body), {
    method: 'POST',
    url: '/v1/things?limit=2',
    type: 'text/plain; charset=utf-8',
    body: 'grüße',
  });
  await server.close();
});

test('an error that escapes the handler answers 500 and is told; the next request is served', async () => {
  const errors: unknown[] = [];
  const server = await serve(
    async ({ url }) => {
      if (url === '/bad') throw new Error('broken');
      return json(200, {});
    },
    0,
    (error) => errors.push(error),
  );
  const get = async (path: string): Promise<number> =>
    (await fetchTransport()({ method: 'GET', url: server.url + path, headers: {}, body: '' })).status;
  assert.deepEqual([await get('/bad'), await get('/good')], [500, 200]);
  assert.match(String(errors[0]), /broken/);
  await server.close();
});

test('no answer is a TransportError that names method and address, but no query', async () => {
  const server = await serve(() => new Promise(() => {}));
  const request = { method: 'GET', url: `${server.url}/slow?token=secret`, headers: {}, body: '' };
  await assert.rejects(fetchTransport(50)(request), (error: Error) => {
    assert.ok(error instanceof TransportError);
    assert.equal(error.message.split(' got no answer')[0], `GET ${server.url}/slow`);
    return true;
  });
  await server.close();
  await assert.rejects(fetchTransport()(request), TransportError);
});
