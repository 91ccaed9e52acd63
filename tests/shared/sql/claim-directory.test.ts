import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { claimDirectory } from '../../../src/shared/sql/claim-directory.ts';
import { openDatabase } from '../../../src/shared/sql/open.ts';
import type { Database } from '../../../src/shared/sql/types.ts';

const MODULE = fileURLToPath(new URL('../../../src/shared/sql/claim-directory.ts', import.meta.url));

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'concord-claim-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (dataDir: string): Promise<Database> => openDatabase({ url: null, dataDir, waitMs: 0 }, () => {});

/** Another process, with a temporary folder of its own, claims the directory and tells how that went; it keeps the claim until it is killed. */
const claimElsewhere = async (directory: string): Promise<{ said: string; kill: () => Promise<void> }> => {
  const script = `import { claimDirectory } from ${JSON.stringify(MODULE)};
    await claimDirectory(${JSON.stringify(directory)}).then(() => console.log('claimed'), (error) => console.log(error.message));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: process.env.PATH, TMPDIR: await mkdtemp(join(folder, 'tmp-')) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const said = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(String(text))),
  );
  return {
    said: said.trim(),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

test('a data directory belongs to one process, whatever the temporary folders are; a killed one frees it', async () => {
  const data = join(folder, 'data');
  const first = await claimElsewhere(data);
  assert.equal(first.said, 'claimed');
  const second = await claimElsewhere(data);
  assert.equal(second.said, `${data} is in use by another process: stop it, or give this one a directory of its own`);
  await assert.rejects(claimDirectory(data), /is in use by another process/);
  await Promise.all([first.kill(), second.kill()]);
  await (
    await claimDirectory(data)
  )();
});

test('a database in a directory is for its owner alone, and open once', async () => {
  const data = join(folder, 'data');
  const db = await open(data);
  await db.script('CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
  assert.equal((await stat(data)).mode & 0o777, 0o700);
  await assert.rejects(open(data), /is in use by another process/);
  await db.close();
  const again = await open(data);
  assert.deepEqual(await again.query('SELECT n FROM kept'), [{ n: 1 }]);
  await again.close();
});

test('a directory that is readable for others is closed to them', async () => {
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o755 });
  const release = await claimDirectory(data);
  assert.equal((await stat(data)).mode & 0o777, 0o700);
  await release();
});

test('a folder with other things in it is refused by name, and left as it is', async () => {
  await writeFile(join(folder, 'letters.txt'), 'dear');
  await assert.rejects(
    open(folder),
    /is no database: it holds 1 other entries, such as letters\.txt\. Name an empty folder/,
  );
  assert.deepEqual(await readdir(folder), ['letters.txt']);
});

test('a damaged database says so, and nothing of it is deleted', async () => {
  const data = join(folder, 'data');
  await (await open(data)).close();
  await rm(join(data, 'global', 'pg_control'));
  const before = await readdir(data);
  await assert.rejects(open(data), /cannot be opened \(.*\): its files are damaged.*Nothing in it was deleted/s);
  const left = await readdir(data);
  assert.deepEqual(
    before.filter((name) => !left.includes(name)),
    [],
  );
});
