import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { fetchTransport, json, serve, TransportError, type Handler } from '../src/http.ts';

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
    { onError: (error) => errors.push(error) },
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

/** What a server says to bytes as they are, until it closes the connection. */
const raw = async (port: number, ...parts: (string | Uint8Array)[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
  socket.on('error', () => {});
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return said;
};

const POST = 'POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n';

test('the door answers before any of the body is sent', async () => {
  const handler: Handler = async () => assert.fail('nobody is let in');
  handler.door = { admit: ({ headers }) => (headers.authorization ? { mostBytes: 10 } : json(401, { who: 'you?' })) };
  const server = await serve(handler);
  // a gigabyte is announced, and not a byte of it comes
  const socket = connect(server.port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  assert.match(first.toString(), /^HTTP\/1\.1 401/);
  socket.destroy();
  await server.close();
});

test('a body that is larger than the door admits is 413, whether it says so or not, and nothing of it is kept', async () => {
  const handled: string[] = [];
  const handler: Handler = async ({ body }) => json(200, handled.push(body));
  handler.door = { admit: () => ({ mostBytes: 10 }) };
  const server = await serve(handler);
  const said = await raw(server.port, `${POST}content-length: 11\r\n\r\n12345678901`);
  assert.match(said, /^HTTP\/1\.1 413[^]*TOO_LARGE[^]*at most 10 bytes/);
  const chunked = await raw(server.port, `${POST}transfer-encoding: chunked\r\n\r\n`, 'b\r\n12345678901\r\n0\r\n\r\n');
  assert.match(chunked, /^HTTP\/1\.1 413/);
  assert.match(await raw(server.port, `${POST}content-length: 10\r\n\r\n1234567890`), /^HTTP\/1\.1 200/);
  assert.deepEqual(handled, ['1234567890']);

  const before = process.memoryUsage().rss;
  const chunk = Buffer.alloc(1_000_000, 120);
  const socket = connect(server.port, '127.0.0.1').setMaxListeners(0);
  socket.on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  for (let sent = 0; sent < 200; sent++) {
    socket.write(`${chunk.length.toString(16)}\r\n`);
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    if (socket.destroyed) break;
    socket.write('\r\n');
  }
  assert.ok(process.memoryUsage().rss - before < 100_000_000, 'of 200 MB nothing is kept');
  socket.destroy();
  await server.close();
});

test('who says only in the body who they are is judged by its beginning', async () => {
  const handler: Handler = async ({ body }) => json(200, { length: body.length });
  const judge = (text: string) => (text.startsWith('known') ? null : json(401, {}));
  handler.door = { admit: () => ({ mostBytes: 1_000_000, beginning: { bytes: 100, judge } }) };
  const server = await serve(handler);
  const send = async (body: string): Promise<number> =>
    (await fetchTransport()({ method: 'POST', url: server.url, headers: {}, body })).status;
  assert.equal(await send(`known${'x'.repeat(500_000)}`), 200);
  assert.equal(await send(`unknown${'x'.repeat(500_000)}`), 401);
  assert.equal(await send('unknown, but small: the handler sees all of it'), 200);
  await server.close();
});

test('a body that comes too slowly is cut off', async () => {
  const errors: unknown[] = [];
  const handler: Handler = async () => json(200, {});
  const server = await serve(handler, { arrivalMs: 100, onError: (error) => errors.push(error) });
  assert.match(await raw(server.port, `${POST}content-length: 100\r\n\r\n1`), /^HTTP\/1\.1 408/);
  assert.deepEqual(errors, [], 'that is nothing that failed here');
  await server.close();
});

test('a body that is not UTF-8 is refused by the place of its first wrong byte; multipart comes as bytes', async () => {
  const handler: Handler = async ({ body, bytes }) => json(200, { body, bytes: bytes?.length });
  const server = await serve(handler);
  const send = (bytes: number[], type = 'application/json'): Promise<string> =>
    raw(server.port, `${POST}content-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`, Uint8Array.from(bytes));
  const text = [...Buffer.from('grüße ')];
  const wrongs: [bytes: number[], byte: string, place: number][] = [
    [[...text, 0xfc, 0x62], '0xfc', text.length + 1],
    [[...text, 0xe9, 0x22], '0xe9', text.length + 1],
    [[...text, 0xc3], '0xc3', text.length + 1],
    [[0xed, 0xa0, 0x80], '0xed', 1],
    [[...text, ...text, 0xff], '0xff', 2 * text.length + 1],
  ];
  for (const [bytes, byte, place] of wrongs) {
    const said = await send(bytes);
    assert.match(said, /^HTTP\/1\.1 400[^]*NOT_UTF8/);
    assert.match(said, new RegExp(`byte ${byte} at position ${place};`));
  }
  assert.match(await send(text), /^HTTP\/1\.1 200/);
  assert.match(await send([0xff, 0xfe], 'multipart/form-data; boundary=x'), /"bytes":2/);

  handler.door = { admit: () => ({ mostBytes: 99 }), refuse: (_head, { wrong }) => json(422, wrong) };
  assert.match(await send([0x61, 0x0a, 0xff]), /^HTTP\/1\.1 422[^]*\{"byte":255,"before":"a\\n"\}/);
  await server.close();
});

test('records that are not UTF-8 are no answer; a page of something between may be in any encoding', async () => {
  const types: Record<string, string> = { '/records': 'application/json', '/page': 'text/html; charset=iso-8859-1' };
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': types[request.url!]! });
    response.end(Buffer.from([0x22, 0xfc, 0x22]));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const get = (path: string) =>
    fetchTransport()({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: {}, body: '' });
  await assert.rejects(get('/records'), (error: Error) => {
    assert.ok(error instanceof TransportError);
    assert.match(error.message, /is not UTF-8: byte 0xfc at position 2/);
    return true;
  });
  assert.equal((await get('/page')).status, 200);
  server.close();
});

test('a connection stays longer than its caller is told, so that the caller ends it', async () => {
  const server = await serve(async () => json(200, {}), { idleMs: 1_000 });
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const began = performance.now();
  assert.match(String(answer), /\r\nKeep-Alive: timeout=1\r\n/i);
  socket.resume();
  await once(socket, 'close');
  assert.ok(performance.now() - began > 1_900, 'it was ended when the caller had only just been told');
  await server.close();
});

test('more callers may come than Node lets wait by default, while the server has no turn for them', async () => {
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const busy = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     void import(workerData.http).then(async ({ serve, json }) => {
       const { port } = await serve(async () => json(200, {}));
       parentPort.postMessage(port);
       Atomics.wait(workerData.turn, 0, 0);
     });`,
    { eval: true, workerData: { http: new URL('../src/http.ts', import.meta.url).href, turn } },
  );
  const [port] = (await once(busy, 'message')) as [number];
  const callers = Array.from({ length: 700 }, () => connect(port, '127.0.0.1'));
  await Promise.all(callers.map((caller) => once(caller, 'connect')));
  for (const caller of callers) caller.destroy();
  Atomics.store(turn, 0, 1);
  Atomics.notify(turn, 0);
  await busy.terminate();
});
