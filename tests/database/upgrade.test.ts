/** Workers of the middle layer that are upgraded one after the other: real processes on one PostgreSQL server. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startPostgres, type PostgresServer } from '../../scripts/testing/postgres/server.ts';
import { MIDDLE_LAYER, PartEnded, startPart, type Part } from './support/part.ts';
import { withoutServer } from './support/skip.ts';
import { REACHES_NOBODY } from '../support/reaches-nobody.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const UPGRADES = join(ROOT, 'src/simulation/upgrades');
const QUEUE = 'src/middle-layer/db';

/** A copy of the program that has a migration more, in a folder of its own. */
const programWith = async (folder: string, upgrade: string): Promise<string> => {
  const program = join(folder, upgrade);
  await cp(join(ROOT, 'src'), join(program, 'src'), { recursive: true });
  for (const name of ['node_modules', 'packages', 'package.json', 'config', 'samples'])
    await symlink(join(ROOT, name), join(program, name));
  for (const name of await readdir(join(UPGRADES, upgrade)))
    await cp(join(UPGRADES, upgrade, name), join(program, QUEUE, 'migrations', name));
  return program;
};

const main = (program: string): string => join(program, 'src/middle-layer/main.ts');

describe('an upgrade of one worker after the other', { skip: withoutServer }, () => {
  let server: PostgresServer;
  let folder: string;
  const running = new Set<Part>();
  afterEach(() => {
    for (const { child } of running) child.kill('SIGKILL');
    running.clear();
  });
  before(async () => {
    server = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'concord-upgrade-'));
  });
  after(async () => {
    await server?.remove();
    if (folder) await rm(folder, { recursive: true });
  });

  const environment = (database: string, worker: string): Record<string, string> => ({
    DATABASE_URL: server.url.replace(/postgres$/, database),
    MIDDLE_LAYER_WORKER: worker,
    ...REACHES_NOBODY,
  });

  const start = async (main: string, database: string, worker: string): Promise<Part> => {
    const part = await startPart(main, environment(database, worker));
    running.add(part);
    return part;
  };

  /** The registry hands a record over; what the worker answers. */
  const handOver = async (worker: Part, key: string): Promise<number> => {
    const message = {
      kind: 'record',
      id: randomUUID(),
      key,
      externalId: `SR-${key.slice(0, 8)}`,
      revision: 1,
      requestVersion: null,
      salesforceCaseId: null,
      originCaseId: null,
      retriggered: false,
      values: { Subject: key },
    };
    const response = await fetch(`${worker.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret-e', 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [message] }),
    });
    return response.status;
  };
  const stored = async (database: string): Promise<string[]> =>
    (await server.sqlOn(database, 'SELECT DISTINCT key FROM message ORDER BY key')).map(({ key }) => String(key));

  it('lets an older one work beside a migration that only adds', async () => {
    await server.sql('CREATE DATABASE adds');
    const older = await start(MIDDLE_LAYER, 'adds', 'older');
    const newer = await start(main(await programWith(folder, 'beside')), 'adds', 'newer');
    const keys = Array.from({ length: 3 }, () => randomUUID());
    assert.equal(await handOver(older, keys[0]!), 202);
    assert.equal(await handOver(newer, keys[1]!), 202);
    assert.equal(await older.stop(), 0);
    const again = await start(MIDDLE_LAYER, 'adds', 'older');
    assert.equal(await handOver(again, keys[2]!), 202, 'it also starts');
    assert.deepEqual(await stored('adds'), keys.toSorted());
    assert.deepEqual(await Promise.all([again.stop(), newer.stop()]), [0, 0]);
    assert.match(again.words(), /works beside a newer program.*900_sort\.sql/);
  });

  it('ends an older one where a migration changes what it uses; all that it accepted is there, nothing else is refused for good', async () => {
    await server.sql('CREATE DATABASE changes');
    const program = await programWith(folder, 'against');
    // the newer program's statements say what the migration makes of the name
    const statements = join(program, QUEUE, 'messages.ts');
    await writeFile(statements, (await readFile(statements, 'utf8')).replaceAll('turn_at', 'stands_at'));
    const older = await start(MIDDLE_LAYER, 'changes', 'older');
    const ended = new Promise<number | null>((resolve) => older.child.once('exit', resolve));
    const accepted: string[] = [];
    const answers = new Set<number>();
    const offer = async (worker: Part): Promise<void> => {
      const key = randomUUID();
      const status = await handOver(worker, key);
      answers.add(status);
      if (status === 202) accepted.push(key);
    };
    await offer(older);
    const starting = start(main(program), 'changes', 'newer');
    // until it has ended: whoever is not answered any more asks the other one
    while (older.child.exitCode === null) await offer(older).catch(() => {});
    assert.equal(await ended, 1);
    assert.match(older.words(), /schema is newer.*900_stands_at\.sql/);

    const newer = await starting;
    await offer(newer);
    assert.ok(
      [...answers].every((status) => [202, 503].includes(status)),
      [...answers].join(),
    );
    assert.deepEqual(await stored('changes'), accepted.toSorted());
    await assert.rejects(
      start(MIDDLE_LAYER, 'changes', 'older'),
      (error: unknown) => error instanceof PartEnded && error.code === 1,
    );
    assert.equal(await newer.stop(), 0);
  });
});
