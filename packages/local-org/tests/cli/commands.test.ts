/** The command as a person runs it: processes, output and exit codes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PROJECT } from '../api/support/widget-org.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
const work = mkdtempSync(join(tmpdir(), 'org-commands-'));
after(() => rmSync(work, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

const start = (...args: string[]) => spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = start(...args);
    const ended: Ended = { code: null, out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()));
    child.on('close', (code) => resolve({ ...ended, code }));
  });

const apexFile = (name: string, text: string): string => {
  const path = join(work, name);
  writeFileSync(path, text);
  return path;
};

test('test writes the report and exits 1 when a test fails', async () => {
  const json = join(work, 'result.json');
  const { code, out } = await run('test', '--project', PROJECT, '--class', 'WidgetTest', '--json', json);
  assert.equal(code, 1);
  assert.match(out, /✗ WidgetTest\.fails\n/);
  assert.match(out, /Failed: 2 tests, 1 passed, 1 failed in \d+ ms\n$/);
  const { result } = JSON.parse(readFileSync(json, 'utf8')) as {
    result: { tests: { FullName: string; ApexClass: { Id: string } }[] };
  };
  assert.deepEqual(result.tests.map(({ FullName }) => FullName).toSorted(), [
    'WidgetTest.fails',
    'WidgetTest.isInserted',
  ]);
  assert.match(result.tests[0]!.ApexClass.Id, /^01p\w{15}$/);
});

test('an unknown class or project is unusable input', async () => {
  const unknown = await run('test', '--project', PROJECT, '--class', 'NoSuchTest');
  assert.deepEqual([unknown.code, unknown.out], [2, '']);
  assert.match(unknown.err, /no such class in the project: NoSuchTest/);
  assert.equal((await run('test', '--project', work)).code, 2);
});

test('exec prints the log, and the place of what went wrong', async () => {
  const good = await run('exec', '--project', PROJECT, '--file', apexFile('good.apex', "System.debug('here I am');"));
  assert.equal(good.code, 0);
  assert.match(good.out, /here I am/);
  const bad = await run('exec', '--project', PROJECT, '--file', apexFile('bad.apex', '\nInteger i = nothing;'));
  assert.equal(bad.code, 1);
  assert.match(bad.err, /^bad\.apex:2:\d+: .*nothing/m);
  const thrown = await run(
    'exec',
    '--project',
    PROJECT,
    '--file',
    apexFile('thrown.apex', "\ninsert new Widget__c(Name = 'refused');"),
  );
  assert.equal(thrown.code, 1);
  assert.match(thrown.err, /This name is refused/);
});

test('start prints one line, serves until it is interrupted, and keeps its records in a file', async () => {
  const data = join(work, 'org.db');
  const served = async (work: (url: string, token: string) => Promise<void>): Promise<void> => {
    const child = start('start', '--project', PROJECT, '--data', data);
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const { instanceUrl, accessToken, username, orgId } = JSON.parse(line) as Record<string, string>;
    assert.ok(username);
    assert.match(orgId!, /^00D\w{15}$/);
    await work(instanceUrl!, accessToken!);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  };
  const ask = (url: string, token: string, path: string, body?: object): Promise<Response> =>
    fetch(`${url}/services/data/v67.0${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
  await served(async (url, token) => {
    assert.equal((await ask(url, token, '/sobjects/Widget__c', { Name: 'kept' })).status, 201);
  });
  await served(async (url, token) => {
    const answer = await ask(url, token, '/query?q=SELECT+Name+FROM+Widget__c');
    assert.equal(((await answer.json()) as { totalSize: number }).totalSize, 1);
  });
});
