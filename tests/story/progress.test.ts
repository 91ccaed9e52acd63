/** What a story does once nobody reads it any more. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const START = resolve(import.meta.dirname, '../../scripts/start.ts');

const serves = (url: string): Promise<boolean> =>
  new Promise((done) => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });

test('npm start | head: when nobody reads any more, the services are stopped and the program ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'concord-unread-'));
  // the shell waits for both ends of its pipe
  const command = `"${process.execPath}" "${START}" --flow usage --no-faults | head -n 1`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], {
    env: { ...process.env, TMPDIR: folder },
  });
  const urls = stdout.match(/http:\/\/[\w.:]+/g) ?? [];
  assert.equal(urls.length, 3, stdout);
  for (const url of urls) assert.equal(await serves(url), false, `${url} is still served`);
  assert.match(stderr, /nobody reads the output any more/);
  assert.doesNotMatch(stderr, /EPIPE| at /, 'no stack trace');
  await rm(folder, { recursive: true });
});
