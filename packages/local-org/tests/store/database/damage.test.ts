/** What is wrong with a file is told before an org starts on it, and nothing of it is changed. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Database, fileProblem } from '../../../src/store/database/database.ts';

const MODULE = fileURLToPath(new URL('../../../src/store/database/database.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'org-damage-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const written = join(folder, 'written.db');
const ROWS = 500;

describe('damaged files', () => {
  /** An org's process that was killed: all that it saved stands in the log. */
  before(async () => {
    const script = `import { Database } from ${JSON.stringify(MODULE)};
    const database = new Database(${JSON.stringify(written)});
    database.exec('CREATE TABLE "$setting" (name TEXT, value TEXT)');
    for (let n = 0; n < ${ROWS}; n++) database.run('INSERT INTO "$setting" VALUES (?, ?)', [String(n), 'x'.repeat(100)]);
    console.log('saved');
    setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  let copies = 0;
  /** A copy of the killed org's file and log, to be damaged. */
  const copy = (): { file: string; log: string } => {
    const file = join(folder, `copy-${++copies}.db`);
    copyFileSync(written, file);
    copyFileSync(`${written}-wal`, `${file}-wal`);
    return { file, log: `${file}-wal` };
  };

  const flip = (file: string, at: number): void => {
    const bytes = readFileSync(file);
    bytes[at] = bytes[at]! ^ 0xff;
    writeFileSync(file, bytes);
  };

  const rows = (file: string): number => {
    const database = new Database(file);
    const [[count]] = database.all('SELECT count(*) FROM "$setting"') as [[number]];
    database.close();
    return count;
  };

  /** Refused in these words, and the files stay as they are. */
  const refused = (file: string, words: RegExp): void => {
    const contents = (): (Buffer | null)[] =>
      [file, `${file}-wal`].map((name) => (existsSync(name) ? readFileSync(name) : null));
    const earlier = contents();
    assert.throws(() => new Database(file), words);
    assert.deepEqual(contents(), earlier);
  };

  test('a killed org has all that it saved, and its files are for their owner alone', () => {
    const { file, log } = copy();
    assert.ok(statSync(log).size > 100_000);
    assert.equal(rows(file), ROWS);
    for (const name of [written, `${written}-wal`]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
  });

  test('the incomplete last write of a killed process is no damage', () => {
    const { file, log } = copy();
    truncateSync(log, statSync(log).size - 1_000);
    assert.equal(rows(file), ROWS - 1);
  });

  test('a log that is damaged in its header, or before its end, starts no org without its records', () => {
    for (const at of [0, 20, 32 + 4_120 * 3 + 500, 32 + 4_120 * 3 + 17]) {
      const { file, log } = copy();
      flip(log, at);
      refused(
        file,
        /is damaged: its log .*-wal is not whole from entry \d+ on, and records that were saved would be missing\. Nothing was changed; put a backup/,
      );
    }
  });

  test('a file that is empty, gone, cut off, or damaged starts no empty org', () => {
    const empty = copy();
    writeFileSync(empty.file, '');
    refused(empty.file, /is damaged: it is empty/);
    const gone = copy();
    rmSync(gone.file);
    refused(gone.file, /is damaged: it is gone, and .*-wal holds what was saved last/);

    const whole = copy();
    assert.equal(rows(whole.file), ROWS);
    const cut = join(folder, 'cut.db');
    writeFileSync(cut, readFileSync(whole.file).subarray(0, 3 * 4_096));
    refused(cut, /is damaged/);
    const letters = join(folder, 'letters.txt');
    writeFileSync(letters, 'Dear org, this is no database.');
    refused(letters, /letters\.txt is no file of an org: name another one/);
  });

  test("another program's database is left alone", () => {
    const file = join(folder, 'theirs.db');
    const theirs = new DatabaseSync(file);
    theirs.exec('CREATE TABLE bookmark (url TEXT)');
    theirs.close();
    assert.throws(() => new Database(file), /is a database, but not that of an org/);
  });

  test('a folder that does not exist is told', () => {
    assert.throws(
      () => new Database(join(folder, 'nowhere', 'org.db')),
      /cannot be used: it cannot be opened: its folder must exist/,
    );
  });

  test('a disk that takes no more ends the transaction, not the org, and nothing that was saved is lost', () => {
    const file = join(folder, 'full.db');
    // the size of a file is limited for the process: what happens on a full disk, for this file alone
    const script = `import { Database, fileProblem } from ${JSON.stringify(MODULE)};
    const database = new Database(${JSON.stringify(file)});
    database.exec('CREATE TABLE "$setting" (name TEXT, value TEXT)');
    let saved = 0;
    let problem = null;
    while (problem === null && saved < 10_000) {
      try {
        database.within(() => database.run('INSERT INTO "$setting" VALUES (?, ?)', [String(saved), 'x'.repeat(1_000)]));
        saved += 1;
      } catch (error) { problem = fileProblem(error); }
    }
    console.log(JSON.stringify({ saved, problem, isWithin: database.isWithin, read: database.all('SELECT count(*) FROM "$setting"')[0][0] }));
    process.kill(process.pid, 'SIGKILL');`;
    const command = `ulimit -f 2000; exec "$0" --input-type=module --eval "$1"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    const { saved, problem, isWithin, read } = JSON.parse(stdout || stderr);
    assert.ok(saved > 10 && saved < 10_000, `${saved}`);
    assert.match(problem, /disk/);
    assert.deepEqual([isWithin, read], [false, saved]);
    assert.equal(rows(file), saved);
  });

  test('an error that says nothing of the file is not taken for one', () => {
    const database = new Database(undefined);
    assert.throws(
      () => database.exec('SELECT nonsense'),
      (error) => fileProblem(error) === null,
    );
    database.close();
  });
});
