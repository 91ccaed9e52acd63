/**
 * `npm run feed` against a local org, under both ways of logging in, with every form of the command and the exit code of
 * each. What only a process shows is shown by one; what is left runs within the test, on the same tables.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { UnusableInput } from 'kernel/command-line.ts';
import { startOrgService, type OrgService } from 'local-org/service.ts';
import { feedCommand } from '../../scripts/feeding/command.ts';
import { connectTo, type OrgConnection } from '../../src/story/org/connect.ts';
import { createUser } from '../../src/story/org/set-up.ts';
import { projectOf, type ProjectWith } from '../support/project-with.ts';

const FEED_USER = 'feeds@companies.example';
const SCRIPT = resolve(import.meta.dirname, '../../scripts/feed.ts');

const POLICY = {
  hold: { fewerRows: 0.4, changedRows: 0.9, emptiedValues: 0.5 },
  vanished: null,
  deleted: 'make again',
};
const CONFIG = {
  companies: {
    ITALCOL: { source: { kind: 'embedded', dataDir: 'erp', timeoutMs: 60_000, timeZone: 'America/Bogota' } },
    CASABLANCA: {
      source: {
        kind: 'postgres',
        host: 'nowhere.invalid',
        database: 'erp',
        user: 'concord',
        timeoutMs: 60_000,
        timeZone: 'UTC',
      },
      secret: { environment: 'CASABLANCA_PASSWORD' },
    },
  },
  feeds: {
    stores: {
      object: 'ti_sucursal__c',
      externalId: 'ti_sucursal_id__c',
      view: { name: 'sucursales' },
      key: ['codigo'],
      fields: { Name: { column: 'nombre' }, ti_tercero__c: { column: 'tercero', parent: 'accounts' } },
      policy: POLICY,
      schedule: '0 5 * * *',
    },
    accounts: {
      object: 'Account',
      externalId: 'ti_tercero_id__c',
      view: { name: 'terceros' },
      key: ['codigo'],
      fields: { Name: { column: 'nombre' }, ti_nit__c: { column: 'nit' } },
      policy: POLICY,
      schedule: '0 5 * * *',
    },
  },
};

let project: ProjectWith;
let org: OrgService;
let admin: OrgConnection;
let folder: string;
let environment: Record<string, string>;
let secrets: { jwt: Record<string, string>; client: Record<string, string> };

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command within this process. Rejects as it does. */
const feed = async (args: string[], more: Record<string, string> = {}): Promise<Ended> => {
  const ended = { code: 0, out: '', err: '' };
  const code = await feedCommand([...args, '--config', join(folder, 'feeds.json')], {
    variables: { ...environment, ...secrets.client, ...more },
    output: { write: (text) => (ended.out += text) },
    errors: { write: (text) => (ended.err += text) },
  });
  return { ...ended, code };
};

/** Runs the command as a process to its end, in the folder of the configuration. */
const feedProcess = (args: string[], more: Record<string, string> = {}): Promise<Ended> =>
  new Promise((done) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment, ...secrets.client, ...more };
    const options = { cwd: folder, env, maxBuffer: 50_000_000 };
    execFile(process.execPath, [SCRIPT, ...args], options, (error, out, err) => {
      done({ code: error ? Number(error.code) : 0, out, err });
    });
  });

/** What somebody does in the database of the company. */
const erp = async (sql: string): Promise<void> => {
  const db = await PGlite.create(join(folder, 'erp'));
  await db.exec(sql);
  await db.close();
};

const names = async (): Promise<string[]> =>
  (
    await admin.query<{ Name: string }>('SELECT Name FROM Account WHERE ti_tercero_id__c != null ORDER BY Name')
  ).records.map(({ Name }) => Name);

before(async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  project = projectOf(['force-app/core', 'force-app/feeds'], 'samples/companies/main');
  folder = mkdtempSync(join(tmpdir(), 'concord-feed-'));
  org = await startOrgService({
    projectDir: project.folder,
    connectedApps: [
      { consumerKey: 'by-secret', consumerSecret: 's3cret', runAs: FEED_USER },
      { consumerKey: 'by-jwt', certificate: publicKey, allowedUsers: [FEED_USER] },
    ],
  });
  admin = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
  await createUser(admin, FEED_USER, ['Companies_Feeds', 'Concord_Feeds_Integration']);
  writeFileSync(join(folder, 'feeds.json'), JSON.stringify(CONFIG));
  writeFileSync(join(folder, 'key.pem'), privateKey, { mode: 0o600 });
  environment = { SALESFORCE_URL: org.instanceUrl, FEEDS_DATA_DIR: join(folder, 'tables') };
  secrets = {
    client: { SALESFORCE_CLIENT_ID: 'by-secret', SALESFORCE_CLIENT_SECRET: 's3cret' },
    jwt: {
      SALESFORCE_CLIENT_ID: 'by-jwt',
      SALESFORCE_CLIENT_SECRET: '',
      SALESFORCE_USERNAME: FEED_USER,
      SALESFORCE_PRIVATE_KEY_FILE: join(folder, 'key.pem'),
    },
  };
  await erp(`
    CREATE TABLE terceros (codigo char(8), nombre varchar(80), nit varchar(20));
    CREATE TABLE sucursales (codigo char(8), nombre varchar(80), tercero char(8));
    INSERT INTO terceros SELECT lpad(i::text, 4, '0'), 'Agropecuaria ' || i, '89090060' || i FROM generate_series(1, 5) AS i;
    INSERT INTO sucursales VALUES ('01', 'Centro', '0001'), ('02', 'Norte', '0099')`);
});

after(async () => {
  await org.stop();
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('a dry run tells what would be written, by client credentials, and writes nothing', async () => {
  const { code, out, err } = await feed([
    '--company',
    'ITALCOL',
    '--feed',
    'accounts',
    '--dry-run',
    '--html',
    join(folder, 'plan.html'),
  ]);
  assert.equal(code, 0, out + err);
  assert.match(out, /ITALCOL accounts: dry run/);
  assert.match(out, /create ITALCOL-0001\n {4}Name: – -> "Agropecuaria 1"/);
  assert.match(readFileSync(join(folder, 'plan.html'), 'utf8'), /ITALCOL-0005/);
  assert.deepEqual(await names(), []);
});

test('the feeds of a company, parents first, by JWT: a row whose parent is nowhere waits, exit code 1', async () => {
  const { code, out, err } = await feedProcess(
    ['--company', 'ITALCOL', '--json', 'runs.json', '--files', '.'],
    secrets.jwt,
  );
  assert.equal(code, 1, out + err);
  const runs = JSON.parse(readFileSync(join(folder, 'runs.json'), 'utf8')) as {
    feed: string;
    status: string;
    run: string;
  }[];
  assert.deepEqual(
    runs.map(({ feed: name, status }) => [name, status]),
    [
      ['accounts', 'succeeded'],
      ['stores', 'rows failed'],
    ],
  );
  assert.equal((await names()).length, 5);
  const left = readFileSync(join(folder, `${runs[1]!.run}-not-processed.csv`), 'utf8');
  assert.match(left, /ITALCOL-02,"?waits for ITALCOL-0099 of accounts/);
  assert.equal(readdirSync(folder).filter((name) => name.endsWith('-succeeded.csv')).length, 2);
});

test('it keeps running by its schedules: at its start it makes up for what was missed, says so, and ends in order', async () => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...environment,
    ...secrets.jwt,
    FEEDS_DATA_DIR: join(folder, 'served'),
  };
  const service = spawn(process.execPath, [SCRIPT, '--serve', '--company', 'ITALCOL'], { cwd: folder, env });
  const ended = new Promise((done) => service.once('exit', done));
  try {
    const [line] = (await once(service.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(String(line)) as { url: string };
    const standing = async (): Promise<(string | null)[]> => {
      const answer = (await (await fetch(`${url}/ready`)).json()) as { feeds: { status: string | null }[] };
      return answer.feeds.map(({ status }) => status);
    };
    let now = await standing();
    for (let tries = 0; tries < 600 && !now.every((status) => /succeeded|failed/.test(status ?? '')); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      now = await standing();
    }
    assert.deepEqual(now, ['succeeded', 'rows failed']);
  } finally {
    service.kill('SIGTERM');
  }
  assert.equal(await ended, 0);
});

test('a view that breaks is held, exit code 3; a person releases it by its key, exit code 0', async () => {
  await erp(`DELETE FROM terceros WHERE codigo > '0002'; UPDATE terceros SET nombre = nombre || ' S.A.'`);
  const held = await feed(['--company', 'ITALCOL', '--feed', 'accounts']);
  assert.equal(held.code, 3, held.out + held.err);
  const released = await feed(['--release', /--release (\S+),/.exec(held.out)![1]!]);
  assert.equal(released.code, 0, released.out + released.err);
  const all = await names();
  assert.deepEqual([all.length, all.filter((name) => name.endsWith('S.A.')).length], [5, 2]);
});

test('what cannot be used, in words that say what to do: exit code 2', async () => {
  await assert.rejects(
    feed(['--company', 'ACME']),
    (error) => error instanceof UnusableInput && /name one of ITALCOL, CASABLANCA/.test(error.message),
  );
  const expired = await feed(['--company', 'ITALCOL'], { SALESFORCE_CLIENT_SECRET: 'expired-one' });
  assert.equal(expired.code, 2, expired.out + expired.err);
  assert.match(expired.out, /refused the login of by-secret.*renew what the login needs/s);
  assert.doesNotMatch(expired.out + expired.err, /expired-one/);
});
