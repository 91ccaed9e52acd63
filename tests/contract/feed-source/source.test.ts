/** What every source of rows does, on every kind of database that feeds read. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { openSource } from '../../../src/feeds/source/open.ts';
import { SourceError, type Column, type Source, type SourceValue, type View } from '../../../src/feeds/source/types.ts';

/** A database in which a test makes views, and how feeds open it. */
interface Place {
  open: () => Promise<Source>;
  /** With a user that may read nothing; null: there are no other users. */
  openAsStranger: (() => Promise<Source>) | null;
  close: () => Promise<void>;
}

const SCHEMA = `feed_${randomBytes(4).toString('hex')}`;
const TIMEOUT_MS = 2_000;

const MAKE = `
  CREATE SCHEMA ${SCHEMA};
  CREATE TABLE ${SCHEMA}.exact (
    code char(6), name varchar(40), note text, n int, big bigint, amount numeric(18, 4), cash money, rate double precision, flag boolean,
    day date, at_time time, "At Zone" timestamptz, plain timestamp, id uuid);
  INSERT INTO ${SCHEMA}.exact VALUES
    ('0012', 'Café ñandú  ', '', 2147483647, 9223372036854775807, -12345678901234.5678, -92233720368547758.08, 0.1, true,
     '1900-01-01', '05:00:00.123', '2026-01-31T05:00:00.123-05:00', '2026-03-08T02:30:00', '00000000-0000-0000-0000-00000000000a'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  CREATE VIEW ${SCHEMA}.exact_view AS SELECT * FROM ${SCHEMA}.exact ORDER BY code NULLS LAST;
  CREATE VIEW ${SCHEMA}."Odd ""view" AS SELECT 'x' AS "a ""b", 1 AS "Straße";
  CREATE VIEW ${SCHEMA}.many AS SELECT i, 'A' || (i % 2) AS half FROM generate_series(1, 5000) AS i;
  CREATE VIEW ${SCHEMA}.breaks AS SELECT i, 1 / (3000 - i) AS broken FROM generate_series(1, 5000) AS i;
  CREATE VIEW ${SCHEMA}.endless AS SELECT i FROM generate_series(1, 10) AS i WHERE pg_sleep(i) IS NOT NULL;
  CREATE VIEW ${SCHEMA}.unread AS SELECT '{}'::jsonb AS doc;
`;

const embedded = async (): Promise<Place> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'concord-source-'));
  rmSync(dataDir, { recursive: true });
  const db = await PGlite.create({ dataDir });
  await db.exec(MAKE);
  await db.close();
  return {
    open: () => openSource({ kind: 'embedded', dataDir, timeoutMs: TIMEOUT_MS, timeZone: 'UTC' }, { password: null }),
    openAsStranger: null,
    close: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
};

const served = (url: string) => async (): Promise<Place> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(MAKE);
  const stranger = `${SCHEMA}_stranger`;
  await client.query(`CREATE ROLE ${stranger} LOGIN PASSWORD 'stranger'`);
  await client.query(`GRANT USAGE ON SCHEMA ${SCHEMA} TO ${stranger}`);
  const { hostname, port, pathname, username, password } = new URL(url);
  const settings = {
    kind: 'postgres',
    host: hostname,
    port: Number(port || 5432),
    database: pathname.slice(1),
    encrypt: false,
    timeoutMs: TIMEOUT_MS,
    timeZone: 'UTC',
  };
  return {
    open: () =>
      openSource(
        { ...settings, user: decodeURIComponent(username) },
        { password: decodeURIComponent(password) || null },
      ),
    openAsStranger: () => openSource({ ...settings, user: stranger }, { password: 'stranger' }),
    close: async () => {
      await client.query(`DROP SCHEMA ${SCHEMA} CASCADE; DROP ROLE ${stranger}`);
      await client.end();
    },
  };
};

const url = process.env.CONCORD_SERVER_TESTS === '1' ? process.env.DATABASE_URL : undefined;
const PLACES: Record<string, () => Promise<Place>> = {
  'an embedded database': embedded,
  ...(url ? { 'a PostgreSQL server': served(url) } : {}),
};

const view = (name: string, where: View['where'] = {}): View => ({ name: `${SCHEMA}.${name}`, where });

const all = async (source: Source, of: View, size = 1_000): Promise<{ columns: Column[]; rows: SourceValue[][] }> => {
  const columns = await source.columns(of);
  const rows: SourceValue[][] = [];
  for await (const batch of source.rows(of, columns, { size })) rows.push(...batch);
  return { columns, rows };
};

const failure = (code: SourceError['code']) => (error: unknown) => error instanceof SourceError && error.code === code;

for (const [name, make] of Object.entries(PLACES)) {
  describe(`a source of rows: ${name}`, () => {
    let place: Place;
    let source: Source;
    before(async () => {
      place = await make();
      source = await place.open();
    });
    after(async () => {
      await source.close();
      await place.close();
    });

    it('tells columns by name, type and size', async () => {
      const columns = await source.columns(view('exact_view'));
      const told = columns.map(({ name, type, length, precision, scale }) => [name, type, length, precision, scale]);
      assert.deepEqual(told, [
        ['code', 'text', 6, null, null],
        ['name', 'text', 40, null, null],
        ['note', 'text', null, null, null],
        ['n', 'integer', null, null, null],
        ['big', 'integer', null, null, null],
        ['amount', 'decimal', null, 18, 4],
        ['cash', 'decimal', null, null, null],
        ['rate', 'float', null, null, null],
        ['flag', 'boolean', null, null, null],
        ['day', 'date', null, null, null],
        ['at_time', 'time', null, null, null],
        ['At Zone', 'timestamp with zone', null, null, null],
        ['plain', 'timestamp', null, null, null],
        ['id', 'uuid', null, null, null],
      ]);
    });

    it('tells every value to the last digit, and nothing of the machine it runs on', async () => {
      const { rows } = await all(source, view('exact_view'));
      assert.deepEqual(rows, [
        [
          '0012  ',
          'Café ñandú  ',
          '',
          '2147483647',
          '9223372036854775807',
          '-12345678901234.5678',
          '-92233720368547758.08',
          '0.1',
          true,
          '1900-01-01',
          '05:00:00.123',
          '2026-01-31T10:00:00.123Z',
          '2026-03-08T02:30:00.000',
          '00000000-0000-0000-0000-00000000000a',
        ],
        Array.from({ length: 14 }, () => null),
      ]);
    });

    it('reads batch by batch, and stops when nobody reads on', async () => {
      const many = view('many');
      const columns = await source.columns(many);
      const sizes: number[] = [];
      for await (const batch of source.rows(many, columns, { size: 700 })) {
        sizes.push(batch.length);
        if (sizes.length === 3) break;
      }
      assert.deepEqual(sizes, [700, 700, 700]);
      assert.equal((await all(source, many, 999)).rows.length, 5_000);
    });

    it('filters by texts, which are never SQL', async () => {
      assert.equal((await all(source, view('many', { half: 'A1' }))).rows.length, 2_500);
      assert.equal((await all(source, view('many', { half: "A1' OR '1'='1" }))).rows.length, 0);
    });

    it('reads views and columns of any name', async () => {
      const { columns, rows } = await all(source, view('Odd "view'));
      assert.deepEqual(
        columns.map((column) => column.name),
        ['a "b', 'Straße'],
      );
      assert.deepEqual(rows, [['x', '1']]);
    });

    it('says by a code what is wrong, and reads on afterwards', async () => {
      await assert.rejects(source.columns(view('nowhere')), failure('NO_VIEW'));
      await assert.rejects(all(source, view('unread')), failure('UNREADABLE_TYPE'));
      const before: number[] = [];
      const broken = view('breaks');
      const columns = await source.columns(broken);
      await assert.rejects(async () => {
        for await (const batch of source.rows(broken, columns, { size: 1_000 })) before.push(batch.length);
      }, failure('QUERY_FAILED'));
      assert.deepEqual(before, [1_000, 1_000]);
      assert.equal((await all(source, view('many'))).rows.length, 5_000);
    });

    it('ends when it is told to', async () => {
      const gone = new AbortController();
      const many = view('many');
      const columns = await source.columns(many);
      await assert.rejects(async () => {
        for await (const _ of source.rows(many, columns, { size: 10, signal: gone.signal }))
          gone.abort(new Error('enough'));
      }, /enough/);
      assert.equal((await all(source, many)).rows.length, 5_000);
    });

    it('gives a view up that does not go on', async (t) => {
      if (!place.openAsStranger) return t.skip('an embedded database cannot be interrupted from within its own thread');
      await assert.rejects(all(source, view('endless'), 5), failure('TOO_SLOW'));
      assert.equal((await all(source, view('many'))).rows.length, 5_000);
    });

    it('tells what a user may not read', async (t) => {
      if (!place.openAsStranger) return t.skip('an embedded database has one user');
      const stranger = await place.openAsStranger();
      const columns = await stranger.columns(view('many'));
      await assert.rejects(async () => {
        for await (const _ of stranger.rows(view('many'), columns, { size: 1 }));
      }, failure('NO_PERMISSION'));
      await stranger.close();
    });
  });
}

describe('a source that cannot be opened', () => {
  it('says which, and never a password', async () => {
    const settings = { timeoutMs: TIMEOUT_MS, timeZone: 'UTC' };
    await assert.rejects(
      openSource({ ...settings, kind: 'embedded', dataDir: '/nowhere/at/all' }, { password: null }),
      failure('NO_SERVER'),
    );
    const away = {
      ...settings,
      kind: 'postgres',
      host: '127.0.0.1',
      port: 1,
      database: 'd',
      user: 'u',
      encrypt: false,
    };
    await assert.rejects(openSource(away, { password: 'hidden' }), (error: Error) => {
      assert.ok(failure('NO_SERVER')(error));
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    });
  });
});
