/** What every served part does with a request before it reads the body, and with bytes that are no text. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { LARGE_BODY_BYTES, serve, SMALL_BODY_BYTES, type Listening } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { createExternalSystem } from '../../src/external-system/index.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { START, World } from '../middle-layer/support/world.ts';

const CALLERS = { external: { cases: 'token-e' }, intake: null, operator: 'token-o' };

describe('the doors of middle layer and registry', () => {
  let dbs: Database[];
  let middleLayer: Listening;
  let registry: Listening;
  before(async () => {
    dbs = [await openPglite(), await openPglite()];
    const world = await World.open(dbs[0]!, { callers: CALLERS });
    middleLayer = await serve(world.layer.handle);
    const system = await createExternalSystem({
      db: dbs[1]!,
      clock: new ManualClock(START),
      random: seededRandom(1),
      transport: () => assert.fail('nothing is sent'),
      middleLayer: { url: 'http://middle.test', token: 'm' },
      token: 'token-r',
    });
    registry = await serve(system.handle);
  });
  after(async () => {
    await Promise.all([middleLayer.close(), registry.close()]);
    for (const db of dbs) await db.close();
  });

  /** Sends a head and as much of the body as is given; resolves with the answer's status, which may come before the rest. */
  const status = async (
    { port }: Listening,
    path: string,
    headers: Record<string, string>,
    body: Uint8Array | string = '',
  ): Promise<{ status: number; body: string }> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.write(body);
    const [said] = (await once(socket, 'data')) as [Buffer];
    const more = await Promise.race([once(socket, 'data').then(([chunk]) => String(chunk)), once(socket, 'close')]);
    socket.destroy();
    const answer = said.toString() + (typeof more === 'string' ? more : '');
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)![1]), body: answer.split('\r\n\r\n')[1] ?? '' };
  };
  const announced = (bytes: number, more: Record<string, string> = {}): Record<string, string> => ({
    'content-type': 'application/json',
    'content-length': String(bytes),
    connection: 'close',
    ...more,
  });
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  it('answer strangers before a byte of their body has come', async () => {
    const gigabyte = announced(1_000_000_000);
    assert.equal((await status(middleLayer, '/v1/messages', gigabyte)).status, 401);
    assert.equal((await status(middleLayer, '/v1/dead-letters/retry', gigabyte)).status, 401);
    assert.equal((await status(middleLayer, '/v1/nothing', gigabyte)).status, 404);
    assert.equal((await status(registry, '/v1/messages', gigabyte)).status, 401);
    assert.equal((await status(registry, '/v1/cases', gigabyte)).status, 401);
  });

  it('take in no more than a route needs, and say how much that is', async () => {
    for (const [part, path, token, most] of [
      [middleLayer, '/v1/messages', 'token-e', LARGE_BODY_BYTES],
      [middleLayer, '/v1/intake', '', LARGE_BODY_BYTES],
      [middleLayer, '/v1/audit', 'token-o', SMALL_BODY_BYTES],
      [registry, '/v1/messages', 'token-r', LARGE_BODY_BYTES],
      [registry, '/v1/cases', 'token-r', LARGE_BODY_BYTES],
      [registry, '/v1/cases/lookup', 'token-r', SMALL_BODY_BYTES],
    ] as const) {
      const answer = await status(part, path, announced(most + 1, bearer(token)));
      assert.equal(answer.status, 413, path);
      assert.match(answer.body, new RegExp(`TOO_LARGE.*at most ${most} bytes`));
    }
  });

  it('refuse bytes that are not UTF-8 by their place, and store nothing of them', async () => {
    const [head, tail] = ['{"messages":[{"kind":"record","id":"x","values":{"Subject":"Gr', '"}}]}'];
    const body = Buffer.concat([Buffer.from(head), Buffer.from([0xfc]), Buffer.from(tail)]);
    for (const [part, path, token] of [
      [middleLayer, '/v1/messages', 'token-e'],
      [middleLayer, '/v1/intake', ''],
      [registry, '/v1/messages', 'token-r'],
      [registry, '/v1/cases', 'token-r'],
    ] as const) {
      const answer = await status(part, path, announced(body.length, bearer(token)), body);
      assert.equal(answer.status, 400, path);
      assert.match(answer.body, new RegExp(`NOT_UTF8.*0xfc at position ${head.length + 1};`));
    }
  });

  it('refuse a query that is not UTF-8', async () => {
    const get = async (url: string, token: string): Promise<string> =>
      (await fetch(url, { headers: bearer(token) })).text();
    assert.match(await get(`${middleLayer.url}/v1/audit?key=Gr%FC`, 'token-o'), /NOT_UTF8/);
    assert.match(await get(`${registry.url}/v1/cases?after=%FF`, 'token-r'), /NOT_UTF8/);
  });

  it('let no page of a browser in where no token is asked for', async () => {
    const headers = announced(2, { origin: 'https://evil.example', 'content-type': 'text/plain' });
    assert.equal((await status(middleLayer, '/v1/intake', headers, '{}')).status, 403);
    assert.equal((await status(middleLayer, '/v1/intake', announced(2), '{}')).status, 400, 'Salesforce is let in');
  });
});
