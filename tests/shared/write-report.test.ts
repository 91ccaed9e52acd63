import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ReportNotWritten, writeReport } from '../../src/shared/write-report.ts';

const MODULE = fileURLToPath(new URL('../../src/shared/write-report.ts', import.meta.url));

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'concord-report-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a report is for its owner alone, whatever the umask is, and whoever could read an earlier one', async () => {
  const before = process.umask(0);
  try {
    const fresh = join(folder, 'fresh.json');
    await writeReport(fresh, '{}\n');
    assert.equal((await stat(fresh)).mode & 0o777, 0o600);
    const old = join(folder, 'old.json');
    await writeFile(old, 'earlier');
    await chmod(old, 0o666);
    await writeReport(old, 'new');
    assert.equal((await stat(old)).mode & 0o777, 0o600);
    assert.equal(await readFile(old, 'utf8'), 'new');
    assert.deepEqual(await readdir(folder), ['fresh.json', 'old.json']);
  } finally {
    process.umask(before);
  }
});

test('a full disk is told', async () => {
  await assert.rejects(writeReport('/dev/full', '{}'), (error: Error) => {
    assert.ok(error instanceof ReportNotWritten);
    assert.match(error.message, /the report \/dev\/full could not be written: the disk is full; free some room/);
    return true;
  });
  assert.ok((await stat('/dev/full')).isCharacterDevice(), 'and the device is still one');
});

test('a disk that fills up in the middle leaves the earlier report, and no half of the new one', async () => {
  const report = join(folder, 'report.json');
  await writeFile(report, 'earlier');
  const script = `import { writeReport } from ${JSON.stringify(MODULE)};
    await writeReport(${JSON.stringify(report)}, 'x'.repeat(1_000_000)).catch((error) => console.log(error.message));`;
  const command = 'ulimit -f 100; exec "$0" --input-type=module --eval "$1"';
  const { stdout } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
  assert.match(
    stdout,
    /could not be written: the file may not become that large.* An earlier report there is as it was/,
  );
  assert.equal(await readFile(report, 'utf8'), 'earlier');
  assert.deepEqual(await readdir(folder), ['report.json']);
});

test('a folder that does not exist, and one in place of a file, are told', async () => {
  await assert.rejects(writeReport(join(folder, 'nowhere', 'r.json'), ''), /its folder does not exist; make it first/);
  await assert.rejects(writeReport(folder, ''), /it is a folder; name a file/);
});
