import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout as breathe } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILED_MODULES } from '../../src/shared/cache-folder.ts';
import { engineFlags } from '../../src/shared/engine-flags.ts';
import type { MessageReceipts, ToExternal } from '../../src/shared/case-messages.ts';
import { json, serve, type Listening } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { InMemoryExternal } from '../flows/cases/in-memory/external.ts';
import { InMemorySalesforce } from '../flows/cases/in-memory/salesforce.ts';
import { fakeOrg, TOKEN } from '../contract/middle-layer/fake-org.ts';

const MAIN = fileURLToPath(new URL('../../src/middle-layer/main.ts', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../scripts/dead-letters.ts', import.meta.url));

interface Part {
  url: string;
  controlUrl: string;
  child: ChildProcess;
  ended: Promise<number | null>;
}

describe('the process of the middle layer', () => {
  const random = seededRandom(1);
  const org = new InMemorySalesforce(random);
  const registry = new InMemoryExternal(random);
  let folder: string;
  let orgServer: Listening;
  let registryServer: Listening;
  let part: Part;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-process-'));
    orgServer = await serve(fakeOrg(org));
    registryServer = await serve(async (request) => {
      const { messages } = JSON.parse(request.body) as { messages: ToExternal[] };
      return json(202, { results: await registry.send(messages) });
    });
  });
  after(async () => {
    part?.child.kill('SIGKILL');
    await orgServer.close();
    await registryServer.close();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = (): Record<string, string> => ({
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: COMPILED_MODULES,
    SALESFORCE_URL: orgServer.url,
    SALESFORCE_ACCESS_TOKEN: TOKEN,
    SALESFORCE_STREAM: 'off',
    CASES_EXTERNAL_URL: registryServer.url,
    CASES_EXTERNAL_TOKEN: 'e',
    CASES_CALLER_TOKEN: 'secret-e',
    MIDDLE_LAYER_OPERATOR_TOKEN: 'secret-o',
    MIDDLE_LAYER_CONTROL_PORT: '0',
    MIDDLE_LAYER_CONTROL_TOKEN: 'secret-c',
    MIDDLE_LAYER_DATA_DIR: join(folder, 'data'),
    MIDDLE_LAYER_SETTINGS: JSON.stringify({ maxAttempts: 1 }),
  });
  const start = (): Promise<Part> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...engineFlags(), MAIN], {
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const log: string[] = [];
      child.stderr.on('data', (text: Buffer) => log.push(text.toString()));
      const ended = new Promise<number | null>((done) => child.once('exit', done));
      child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${log.join('')}`)));
      createInterface({ input: child.stdout }).once('line', (line) =>
        resolve({ ...(JSON.parse(line) as Part), child, ended }),
      );
    });
  const control = async (path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${part.controlUrl}${path}`, {
      headers: { authorization: 'Bearer secret-c', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return response.json();
  };
  const publish = async (): Promise<void> => {
    const messages = registry.takeOutbox();
    if (messages.length === 0) return;
    try {
      const response = await fetch(`${part.url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret-e' },
        body: JSON.stringify({ messages }),
      });
      const { results } = (await response.json()) as MessageReceipts;
      registry.outbox.unshift(...messages.filter((_, index) => !results[index]!.accepted));
    } catch {
      registry.outbox.unshift(...messages);
    }
  };
  /** Lets the parts work until the condition holds, moving the clock whenever the middle layer waits. */
  const until = async (condition: () => boolean): Promise<void> => {
    for (let rounds = 0; rounds < 500 && !condition(); rounds++) {
      await publish();
      if ((await control('/control/idle')).due === 0) await control('/control/clock', { advanceMs: 5_000 });
      await breathe(5);
    }
    assert.ok(condition(), 'did not come about');
  };
  const kill = async (): Promise<void> => {
    part.child.kill('SIGKILL');
    await part.ended;
  };
  const script = (...args: string[]): Promise<{ code: number | null; out: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [SCRIPT, ...args, '--url', part.url, '--token', 'secret-o'], {
        env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: COMPILED_MODULES, NO_COLOR: '1' },
      });
      let out = '';
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (out += text.toString()));
      child.once('exit', (code) => resolve({ code, out }));
    });

  it('goes on where it was killed: nothing lost, nothing done twice', async () => {
    const cases = Array.from({ length: 30 }, (_, index) => org.createCase({ Subject: String(index) }));
    part = await start();
    await until(() => registry.records.size === 30);
    await kill();
    part = await start();
    await until(() => cases.some(({ pending }) => pending === 'WriteBack'));
    await kill();
    part = await start();
    await until(() => cases.every(({ status }) => status === 'Success'));
    assert.equal(registry.records.size, 30);
    assert.ok(
      [...registry.records.values()].every(({ revision, syncStatus }) => revision === 1 && syncStatus === 'Success'),
    );
  });

  it('refuses a second process on its data directory', async () => {
    await assert.rejects(start(), /is in use by another process/);
  });

  it('has its dead letters listed, shown and retried by a script', async () => {
    const bad = org.createCase({ Subject: 'bad' });
    org.refuse = (key) => (key === bad.key ? { errorCode: 'STRING_TOO_LONG', retryable: false } : null);
    const dead = async (): Promise<boolean> => {
      const response = await fetch(`${part.url}/v1/dead-letters`, { headers: { authorization: 'Bearer secret-o' } });
      return ((await response.json()) as { deadLetters: unknown[] }).deadLetters.length > 0;
    };
    let found = false;
    await until(() => {
      if (!found) void dead().then((is) => (found = is));
      return found;
    });
    const listed = await script('list');
    assert.deepEqual([listed.code, /STRING_TOO_LONG/.test(listed.out)], [0, true]);
    const [id] = /^\d+/.exec(listed.out)!;
    assert.match((await script('show', id)).out, /"history"/);
    org.refuse = () => null;
    assert.match((await script('retry', '--all')).out, /queued again/);
    await until(() => bad.status === 'Success');
    assert.deepEqual(await script('list'), { code: 0, out: 'no dead letters\n' });
    assert.equal((await script('retry', '99')).code, 1);
    assert.equal((await script('shred')).code, 2);
  });

  it('ends in good order when told to', async () => {
    part.child.kill('SIGTERM');
    assert.equal(await part.ended, 0);
  });
});
