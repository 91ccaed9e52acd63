import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { blockingHttp } from '../../src/platform/runtime/callout/blocking-http.ts';
import { CalloutFailure } from '../../src/platform/runtime/callout/failure.ts';

/** A server in another thread: the callout blocks this one. */
const SERVER = `
const { parentPort } = require('node:worker_threads');
require('node:http').createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/silent') return;
    response.writeHead(201, { 'X-Method': request.method, 'X-Given': request.headers['x-given'] ?? '' });
    response.end(Buffer.concat(chunks));
  });
}).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;

const server = new Worker(SERVER, { eval: true });
const [port] = (await once(server, 'message')) as [number];
const http = blockingHttp();
after(async () => {
  http.close();
  await server.terminate();
});
const call = {
  method: 'POST',
  endpoint: `http://127.0.0.1:${port}/echo`,
  headers: { 'X-Given': 'yes' },
  body: Buffer.from([0, 255, 7]),
  timeout: 10_000,
};

test('a callout blocks until the answer is there, bytes and header spelling kept', () => {
  for (let i = 0; i < 3; i++) {
    const response = http(call);
    assert.equal(response.status, 201);
    assert.equal(response.statusText, 'Created');
    assert.equal(response.headers['X-Method'], 'POST');
    assert.equal(response.headers['X-Given'], 'yes');
    assert.deepEqual([...response.body], [0, 255, 7]);
  }
});

test('no answer in time, and nobody there, are failures', () => {
  assert.throws(
    () => http({ ...call, endpoint: `http://127.0.0.1:${port}/silent`, timeout: 20 }),
    (error) => error instanceof CalloutFailure && error.message === 'Read timed out',
  );
  assert.throws(
    () => http({ ...call, endpoint: 'http://127.0.0.1:1/' }),
    (error) => error instanceof CalloutFailure && error.message === 'Connection refused',
  );
  assert.equal(http(call).status, 201);
});
