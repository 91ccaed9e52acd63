import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { test } from 'node:test';
import { controlPort } from '../src/control-port.ts';
import { json, serve, type HttpRequest } from '../src/http.ts';

const GOOD = { authorization: 'Bearer open-sesame', host: '127.0.0.1:4000', 'content-type': 'application/json' };
const REQUEST: HttpRequest = { method: 'POST', url: '/control/clock', headers: GOOD, body: '{"advanceMs":1}' };

/** Headers, one of them different; undefined: without it. */
const but = (name: string, value?: string): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...GOOD, [name]: value }).filter(([, given]) => given !== undefined));

test('a control port wants a token, JSON, a name of this machine, and no page', async () => {
  const reached: string[] = [];
  const port = controlPort(async ({ body }) => {
    reached.push(body);
    return json(200, {});
  }, 'open-sesame');
  const strangers: [headers: Record<string, string>, status: number, words: RegExp][] = [
    [but('authorization'), 401, /token/],
    [but('authorization', 'Bearer guess'), 401, /token/],
    [but('authorization', 'Basic open-sesame'), 401, /token/],
    [but('content-type', 'text/plain'), 415, /JSON/],
    [but('content-type', 'text/plain; application/json'), 415, /JSON/],
    [but('content-type'), 415, /JSON/],
    [but('origin', 'https://evil.example'), 403, /page/],
    [but('origin', 'null'), 403, /page/],
    [but('host', 'rebound.example:4000'), 403, /this machine/],
    [but('host', '127.0.0.1.evil.example'), 403, /this machine/],
    [but('host'), 403, /this machine/],
  ];
  for (const [headers, status, words] of strangers) {
    const answer = await port({ ...REQUEST, headers });
    assert.equal(answer.status, status, JSON.stringify(headers));
    assert.match(answer.body, words);
  }
  assert.deepEqual(reached, []);
  for (const host of ['127.0.0.1:4000', 'localhost:4000', '[::1]:4000', 'localhost'])
    assert.equal((await port({ ...REQUEST, headers: but('host', host) })).status, 200, host);
  assert.equal((await port({ ...REQUEST, method: 'GET', headers: but('content-type') })).status, 200);
});

test('over a socket, too, before the body is read', async () => {
  const server = await serve(controlPort(async () => json(200, {}), 't'));
  const status = async (headers: Record<string, string>): Promise<number> => {
    const request = send(`${server.url}/control/clock`, { method: 'POST', headers });
    request.on('error', () => {});
    request.flushHeaders();
    const [{ statusCode }] = (await once(request, 'response')) as [{ statusCode: number }];
    request.destroy();
    return statusCode;
  };
  // what a page of any origin may send without asking: the headers are here, the body never comes
  assert.equal(await status({ 'content-type': 'text/plain', 'content-length': '20' }), 401);
  assert.equal(
    await status({ ...but('origin', 'http://localhost:9'), authorization: 'Bearer t', 'content-length': '20' }),
    403,
  );
  await server.close();
});

test('a control port without a token is none', () => {
  assert.throws(() => controlPort(async () => json(200, {}), ' '), /needs a token/);
});
