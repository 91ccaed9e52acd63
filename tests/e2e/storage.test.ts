/** Disks that are full, read-only or damaged, and two processes on one folder: real parts as processes, on real files. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { readExternal } from '../../src/flows/cases/told/proof/read-external.ts';
import { MIDDLE_LAYER, PartEnded, REGISTRY, SERVICE_APP, startPart, type Part } from '../database/support/part.ts';
import { NOWHERE, REACHES_NOBODY } from '../support/reaches-nobody.ts';

/** In units of bash: 1,024 bytes a file. PostgreSQL's log begins with less; what people write goes beyond it soon. */
const LITTLE_ROOM = 'ulimit -S -f 10000';
/** Not even a new database finds room. */
const NO_ROOM = 'ulimit -S -f 1000';
const PAGE_BYTES = 8_192;

interface Kind {
  name: string;
  main: string;
  environment: (dataDir: string) => Record<string, string>;
}

/** Writes one record; true when it was accepted. */
type Write = (part: Part, key: string) => Promise<boolean>;

const LAYER: Kind = {
  name: 'middle layer',
  main: MIDDLE_LAYER,
  environment: (MIDDLE_LAYER_DATA_DIR) => ({
    MIDDLE_LAYER_DATA_DIR,
    ...REACHES_NOBODY,
  }),
};
const RECORDS: Kind = {
  name: 'registry',
  main: REGISTRY,
  environment: (EXTERNAL_DATA_DIR) => ({
    EXTERNAL_DATA_DIR,
    EXTERNAL_TOKEN: 'e',
    MIDDLE_LAYER_URL: NOWHERE,
    MIDDLE_LAYER_TOKEN: 'e',
  }),
};
const ADS: Kind = {
  name: 'service application',
  main: SERVICE_APP,
  environment: (SERVICE_APP_DATA_DIR) => ({
    SERVICE_APP_DATA_DIR,
    SERVICE_APP_TOKEN: 'e',
    MIDDLE_LAYER_URL: NOWHERE,
    MIDDLE_LAYER_TOKEN: 'e',
    SALESFORCE_URL: NOWHERE,
    SALESFORCE_CLIENT_ID: 'c',
    SALESFORCE_CLIENT_SECRET: 's',
  }),
};

const call = async (part: Part, path: string, token: string, body?: unknown): Promise<Response> =>
  fetch(`${part.url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(60_000),
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });

/** Two pages of text that does not compress. */
const longText = (): string => Array.from({ length: 400 }, () => randomUUID()).join(' ');

const ready = async (part: Part): Promise<{ status: number; problems: string }> => {
  const response = await fetch(`${part.url}/ready`);
  const { problems = [] } = (await response.json()) as { problems?: string[] };
  return { status: response.status, problems: problems.join('\n') };
};

/** How a start ended that did not come to serve. */
const ending = async (kind: Kind, dataDir: string, limit?: string): Promise<PartEnded> => {
  try {
    await (await startPart(kind.main, kind.environment(dataDir), limit)).stop();
  } catch (error) {
    if (error instanceof PartEnded) return error;
    throw error;
  }
  return assert.fail(`the ${kind.name} came to serve`);
};

const files = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** What in a folder others than its owner may read or write, the folder itself too. */
const openToOthers = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  const modes = await Promise.all(paths.map(async (path) => (await stat(path)).mode & 0o077));
  return paths.filter((_, index) => modes[index] !== 0);
};

/** Overwrites the header of the pages of tables on which a text stands; there is one at least. */
const damagePagesWith = async (folder: string, text: string): Promise<void> => {
  let damaged = 0;
  for (const path of await files(join(folder, 'base'))) {
    const bytes = await readFile(path);
    const file = await open(path, 'r+');
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const page = at - (at % PAGE_BYTES);
      await file.write(Buffer.alloc(24, 0xff), 0, 24, page);
      damaged += 1;
    }
    await file.close();
  }
  assert.ok(damaged > 0, 'the text stands on a page');
};

const createRecord: Write = async (part, key) => {
  const response = await call(part, '/v1/cases', 'e', { values: { Subject: key, Description: longText() } });
  assert.ok([201, 503].includes(response.status), `${response.status}`);
  return response.status === 201;
};
const takeIn: Write = async (part, key) => {
  const message = {
    kind: 'record',
    id: randomUUID(),
    key,
    externalId: `SR-${key}`,
    revision: 1,
    requestVersion: null,
    salesforceCaseId: null,
    originCaseId: null,
    retriggered: false,
    values: { Subject: 'a', Description: longText() },
  };
  const response = await call(part, '/v1/messages', 'secret-e', { messages: [message] });
  assert.ok([202, 503].includes(response.status), `${response.status}`);
  return response.status === 202;
};

/** The accepted keys that are there. */
const recordKeys = async (part: Part): Promise<Set<string>> =>
  new Set((await readExternal(part.url, 'e')).map(({ values }) => String(values.Subject)));
const intakeKeys = async (part: Part, keys: readonly string[]): Promise<Set<string>> => {
  const found = new Set<string>();
  for (const key of keys) {
    const { entries } = (await (await call(part, `/v1/audit?key=${key}`, 'secret-o')).json()) as { entries: unknown[] };
    if (entries.length > 0) found.add(key);
  }
  return found;
};

const KINDS = [LAYER, RECORDS, ADS];

describe('the files of a part', () => {
  let folder: string;
  const running = new Set<Part>();
  let copies = 0;
  const start = async ({ main, environment }: Kind, dataDir: string, limit?: string): Promise<Part> => {
    const part = await startPart(main, environment(dataDir), limit);
    running.add(part);
    return part;
  };
  /** A database of a part that was stopped in order, in a folder of its own. */
  const stopped = async ({ name }: Kind): Promise<string> => {
    const dataDir = join(folder, `copy-${++copies}`);
    await cp(join(folder, name), dataDir, { recursive: true });
    return dataDir;
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'concord-storage-'));
    for (const kind of KINDS) assert.equal(await (await start(kind, join(folder, kind.name))).stop(), 0);
  });
  afterEach(async () => {
    for (const part of running) if (part.child.exitCode === null) await part.stop();
    running.clear();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [kind, write, keysThere] of [
    [RECORDS, createRecord, recordKeys],
    [LAYER, takeIn, intakeKeys],
  ] as const)
    it(`of the ${kind.name}: a disk that fills up stops the work, not the process; the words say what to do, and nothing accepted is lost`, async () => {
      const dataDir = await stopped(kind);
      const part = await start(kind, dataDir, LITTLE_ROOM);
      const accepted: string[] = [];
      let refused = 0;
      while (refused < 3 && accepted.length < 2_000) {
        const key = randomUUID();
        if (await write(part, key)) accepted.push(key);
        else refused += 1;
      }
      assert.equal(refused, 3, `${accepted.length} were accepted`);
      const { status, problems } = await ready(part);
      assert.equal(status, 503);
      assert.match(
        problems,
        /the database in .*copy-.* cannot be used: its disk is full.*Free some room; work goes on by itself/,
      );
      assert.match(part.words(), /"event":"database away".*its disk is full.*"remedy":"free some room/);
      assert.equal(await part.stop(), 0, 'it ends when it is told to');

      const again = await start(kind, dataDir);
      const there = await keysThere(again, accepted);
      assert.deepEqual(
        accepted.filter((key) => !there.has(key)),
        [],
        'all that was accepted is there',
      );
      assert.ok(await write(again, randomUUID()), 'and there is room again');
      assert.equal(await again.stop(), 0);
    });

  it('cannot be made on a full disk: exit code 3; what was begun is no obstacle later, and no file is for others to see', async () => {
    for (const kind of KINDS) {
      const dataDir = join(folder, `new ${kind.name}`);
      const { code, message } = await ending(kind, dataDir, NO_ROOM);
      assert.equal(code, 3, message);
      assert.match(message, new RegExp(`the database in ${dataDir} cannot be used: its disk is full.*Free some room`));
      const part = await start(kind, dataDir, 'umask 0');
      if (kind === RECORDS) assert.ok(await createRecord(part, randomUUID()));
      if (kind === LAYER) assert.ok(await takeIn(part, randomUUID()));
      assert.equal(await part.stop(), 0, kind.name);
      assert.deepEqual(await openToOthers(dataDir), [], `${kind.name}, whatever the umask is`);
    }
  });

  it('in a folder that is read-only: exit code 3, and what to do', async () => {
    // nobody is refused by rights of his own who is root; what the kernel shows as files refuses him, too
    const isRoot = process.getuid?.() === 0;
    const parent = isRoot ? '/sys' : join(folder, 'read-only');
    if (!isRoot) await mkdir(parent, { mode: 0o500 });
    for (const kind of KINDS) {
      const { code, message } = await ending(kind, join(parent, 'data'));
      assert.equal(code, 3, message);
      assert.match(
        message,
        /the database in .*data cannot be used: it, or its disk, is read-only for this user.*Make it writable/,
      );
    }
    if (!isRoot) await chmod(parent, 0o700);
  });

  it('belong to one process: exit code 1, and the first one goes on', async () => {
    for (const kind of KINDS) {
      const dataDir = await stopped(kind);
      const first = await start(kind, dataDir);
      const { code, message } = await ending(kind, dataDir);
      assert.equal(code, 1, message);
      assert.match(
        message,
        new RegExp(`${dataDir} is in use by another process: stop it, or give this one a directory`),
      );
      assert.equal((await fetch(`${first.url}/health`)).status, 200);
      assert.equal(await first.stop(), 0);
    }
  });

  it('damaged in what is read first: exit code 1, nothing deleted, a backup to be put in its place', async () => {
    for (const kind of KINDS) {
      const dataDir = await stopped(kind);
      const control = await open(join(dataDir, 'global', 'pg_control'), 'r+');
      await control.write(Buffer.alloc(200, 0xff), 0, 200, 0);
      await control.close();
      const { code, message } = await ending(kind, dataDir);
      assert.equal(code, 1, message);
      assert.match(
        message,
        new RegExp(`the database in ${dataDir} cannot be .*damaged.*put a backup in its place`, 'is'),
      );
    }
  });

  it('damaged on a page: what needs it is told to come again, /ready says what to do, the process goes on', async () => {
    const dataDir = await stopped(RECORDS);
    const mark = randomUUID();
    const part = await start(RECORDS, dataDir);
    assert.ok(await createRecord(part, mark));
    await part.stop();
    await damagePagesWith(dataDir, mark);
    const again = await start(RECORDS, dataDir);
    const response = await call(again, '/v1/cases?limit=200', 'e');
    assert.equal(response.status, 503, await response.text());
    const { status, problems } = await ready(again);
    assert.equal(status, 503);
    assert.match(
      problems,
      /the database in .*copy-.* cannot be used: its files are damaged .*put a backup in its place/,
    );
    assert.equal(await again.stop(), 0);
  });
});
