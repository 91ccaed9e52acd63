/** The story of feeds over servers: the unmodified driver of SQL Server, and PostgreSQL. On embedded databases `npm start` plays it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { FEEDS } from '../../src/flows/feeds/name.ts';
import { feedsTold } from '../../src/flows/feeds/told/chapter.ts';
import type { CompanyRows } from '../../src/flows/feeds/told/companies/rows.ts';
import { definitions, inserts } from '../../src/flows/feeds/told/companies/sql.ts';
import { COMMON, type CompanyDatabases, type CompanyText } from '../../src/flows/feeds/told/databases.ts';
import { Progress } from '../../src/story/progress.ts';
import { runStory } from '../../src/story/run.ts';
import { TdsFront } from '../feeds/tds/front.ts';

const PREFIX = `c_${randomBytes(4).toString('hex')}`;
const SECRET = 'COMPANIES_SECRET';
const url = process.env.CONCORD_SERVER_TESTS === '1' ? process.env.DATABASE_URL : undefined;
/** Half a minute of CPU each: npm test has the embedded parts of it. */
const skip = url ? false : 'npm run test:server plays it';

const schemaOf = (company: string): string => `${PREFIX}_${company.toLowerCase()}`;

const viewsOf = (company: string): CompanyText['views'] =>
  Object.fromEntries(
    Object.entries({ accounts: 'terceros_view', stores: 'sucursales_view', agreements: 'acuerdos_view' }).map(
      ([feed, view]) => [feed, { name: `${schemaOf(company)}.${view}` }],
    ),
  );

/** Companies as schemas of one database. */
const inSchemas = (
  run: (statements: string) => Promise<void>,
  source: CompanyText['source'],
  { secret, close }: { secret: string; close: () => Promise<void> },
): CompanyDatabases => {
  const change = (company: string, statements: string): Promise<void> =>
    run(`SET search_path = ${schemaOf(company)}; ${statements}; RESET search_path;`);
  return {
    make: async (company: string, rows: CompanyRows) => {
      await run(`CREATE SCHEMA ${schemaOf(company)};`);
      await change(company, `${definitions('postgresql')}${inserts(rows, 'postgresql').join('')}`);
    },
    textOf: (company) => ({ source, secret: { environment: SECRET }, views: viewsOf(company)! }),
    environment: { [SECRET]: secret },
    change,
    close,
  };
};

const overTheFront = async (): Promise<CompanyDatabases> => {
  const db = await PGlite.create();
  const front = await TdsFront.start(db, { users: { reader: { password: 'reader' } }, database: 'views' });
  const server = { host: '127.0.0.1', port: front.port, database: 'views', user: 'reader', encrypt: false };
  return inSchemas(
    (statements) => front.alone(async () => void (await db.exec(statements))),
    { kind: 'sqlserver', ...server, ...COMMON },
    {
      secret: 'reader',
      close: async () => {
        await front.close();
        await db.close();
      },
    },
  );
};

const onPostgres = async (at: string): Promise<CompanyDatabases> => {
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  const { hostname, port, pathname, username, password } = new URL(at);
  const server = { host: hostname, port: Number(port || 5432), database: pathname.slice(1), encrypt: false };
  return inSchemas(
    async (statements) => void (await client.query(statements)),
    { kind: 'postgres', ...server, user: decodeURIComponent(username), ...COMMON },
    {
      secret: decodeURIComponent(password) || 'none',
      close: async () => {
        const { rows } = await client.query<{ name: string }>(
          'SELECT nspname AS name FROM pg_namespace WHERE starts_with(nspname, $1)',
          [PREFIX],
        );
        for (const { name } of rows) await client.query(`DROP SCHEMA ${name} CASCADE`);
        await client.end();
      },
    },
  );
};

const plays = async (databases: CompanyDatabases): Promise<void> => {
  const out = new PassThrough();
  let said = '';
  out.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const args = { flows: [FEEDS], once: true, faults: true, input: '', map: '', report: null, seed: 311 };
  const told = [{ name: FEEDS, told: feedsTold(() => databases) }];
  try {
    const { system, agreed, text } = await runStory(told, args, new Progress(out as unknown as NodeJS.WriteStream));
    await system.stop();
    assert.ok(agreed, text);
    assert.match(text, /feeds killed 1, view broken 1/);
    assert.match(
      text,
      /checked +[1-9]\d* records read again whether anybody touched them or not, in [1-9]\d* API calls; each one since \d{4}-/,
    );
    assert.match(said, /SANTA_REYES, accounts: .* A person says: Reject/);
    assert.match(said, /ITALCOL, accounts: .* A person says: Release/);
    assert.match(
      said,
      /ITALCOL once more: accounts 1 created, .*stores 1 created/,
      'the store whose account came late',
    );
  } finally {
    await databases.close();
  }
};

test('the story of feeds by the driver of SQL Server', { skip }, async () => plays(await overTheFront()));

test('the story of feeds on PostgreSQL', { skip }, async () => plays(await onPostgres(url!)));
