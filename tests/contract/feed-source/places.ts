/** The databases on which the contract of sources is held, each with the same views. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { openSource } from '../../../src/feeds/source/open.ts';
import type { Source } from '../../../src/feeds/source/types.ts';
import { TdsFront } from '../../feeds/tds/front.ts';
import { makeOnSqlServer } from './sql-server.ts';

/** A database in which a test makes views, and how feeds open it. */
export interface Place {
  open: (timeoutMs?: number) => Promise<Source>;
  /** With a user that may read nothing; null: there are no other users. */
  openAsStranger: (() => Promise<Source>) | null;
  /** With a user that there is not, and the password "hidden"; null: there are no logins. */
  openAsNobody: (() => Promise<Source>) | null;
  breakConnections: (() => Promise<void>) | null;
  /** How its money is told: PostgreSQL's has two decimals, SQL Server's four. */
  cash: string;
  close: () => Promise<void>;
}

export const SCHEMA = `feed_${randomBytes(4).toString('hex')}`;
/** For what must end by its limit; nothing else may depend on how fast the machine is. */
export const SHORT_MS = 1_000;
const GENEROUS_MS = 120_000;
const NOBODY = { user: 'nobody_at_all', password: 'hidden' };

const MAKE = `
  CREATE SCHEMA ${SCHEMA};
  CREATE TABLE ${SCHEMA}.exact (
    code char(6), name varchar(40), note text, n int, big bigint, amount numeric(18, 4), cash money, rate double precision, flag boolean,
    day date, at_time time, "At Zone" timestamptz, plain timestamp, id uuid);
  INSERT INTO ${SCHEMA}.exact VALUES
    ('0012', 'Café ñandú  ', '', 2147483647, 9223372036854775807, -12345678901234.5678, -922337203685477.58, 0.1, true,
     '1900-01-01', '05:00:00.123', '2026-01-31T05:00:00.123-05:00', '2026-03-08T02:30:00', '00000000-0000-0000-0000-00000000000a'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  CREATE VIEW ${SCHEMA}.exact_view AS SELECT * FROM ${SCHEMA}.exact ORDER BY code NULLS LAST;
  CREATE VIEW ${SCHEMA}."Odd ""view" AS SELECT 'x' AS "a ""b", 1 AS "Straße";
  CREATE VIEW ${SCHEMA}.many AS SELECT i, 'A' || (i % 2) AS half FROM generate_series(1, 5000) AS i;
  CREATE VIEW ${SCHEMA}.few AS SELECT i FROM generate_series(1, 3) AS i;
  CREATE VIEW ${SCHEMA}.breaks AS SELECT i, 1 / (3000 - i) AS broken FROM generate_series(1, 5000) AS i;
  CREATE VIEW ${SCHEMA}.unread AS SELECT '{}'::jsonb AS doc;
  CREATE VIEW ${SCHEMA}.texts AS SELECT repeat('ñ', 10000000) AS big, E'Bogot\\uFFFD' AS damaged, '  ' AS blank, '🐔' AS far;
`;
const ENDLESS = `CREATE VIEW ${SCHEMA}.endless AS SELECT i FROM generate_series(1, 1000) AS i WHERE pg_sleep(i) IS NOT NULL;`;

const common = (timeoutMs = GENEROUS_MS) => ({ timeoutMs, timeZone: 'UTC' });

const embedded = async (): Promise<Place> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'concord-source-'));
  rmSync(dataDir, { recursive: true });
  const db = await PGlite.create({ dataDir });
  await db.exec(MAKE);
  await db.close();
  return {
    open: (timeoutMs) => openSource({ kind: 'embedded', dataDir, ...common(timeoutMs) }, { password: null }),
    openAsStranger: null,
    openAsNobody: null,
    breakConnections: null,
    cash: '-922337203685477.58',
    close: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
};

const served = (url: string) => async (): Promise<Place> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(MAKE + ENDLESS);
  const stranger = `${SCHEMA}_stranger`;
  await client.query(`CREATE ROLE ${stranger} LOGIN PASSWORD 'stranger'`);
  await client.query(`GRANT USAGE ON SCHEMA ${SCHEMA} TO ${stranger}`);
  const { hostname, port, pathname, username, password } = new URL(url);
  const server = { kind: 'postgres', host: hostname, port: Number(port || 5432), database: pathname.slice(1) };
  const as = (user: string, secret: string | null, timeoutMs?: number): Promise<Source> =>
    openSource({ ...server, encrypt: false, user, ...common(timeoutMs) }, { password: secret });
  return {
    open: (timeoutMs) => as(decodeURIComponent(username), decodeURIComponent(password) || null, timeoutMs),
    openAsStranger: () => as(stranger, 'stranger'),
    openAsNobody: () => as(NOBODY.user, NOBODY.password),
    breakConnections: async () => {
      // the last one that was opened
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'concord feeds' AND datname = current_database() ORDER BY backend_start DESC LIMIT 1`,
      );
    },
    cash: '-922337203685477.58',
    close: async () => {
      await client.query(`DROP SCHEMA ${SCHEMA} CASCADE; DROP ROLE ${stranger}`);
      await client.end();
    },
  };
};

/** The unmodified driver of SQL Server, which believes that it speaks with one. */
const overTheFront = async (): Promise<Place> => {
  const db = await PGlite.create();
  await db.exec(`${MAKE}
    CREATE VIEW ${SCHEMA}.endless AS SELECT i FROM ${SCHEMA}.few;
    CREATE ROLE stranger; GRANT USAGE ON SCHEMA ${SCHEMA} TO stranger`);
  const users = { reader: { password: 'reader' }, stranger: { password: 'stranger', role: 'stranger' } };
  const front = await TdsFront.start(db, { users, database: 'views' });
  front.stallsOn = '[endless]';
  const server = { kind: 'sqlserver', host: '127.0.0.1', port: front.port, database: 'views', encrypt: false };
  const as = (user: string, password: string, timeoutMs?: number): Promise<Source> =>
    openSource({ ...server, user, ...common(timeoutMs) }, { password });
  return {
    open: (timeoutMs) => as('reader', 'reader', timeoutMs),
    openAsStranger: () => as('stranger', 'stranger'),
    openAsNobody: () => as(NOBODY.user, NOBODY.password),
    breakConnections: async () => front.dropConnections(),
    cash: '-922337203685477.5800',
    close: async () => {
      await front.close();
      await db.close();
    },
  };
};

/** A real one: `mssql://user:password@host:port/database`, whose user may make schemas, logins and users. */
const sqlServer = (url: string) => async (): Promise<Place> => {
  const { hostname, port, pathname, username, password } = new URL(url);
  const server = {
    host: hostname,
    port: Number(port || 1433),
    database: pathname.slice(1),
    trustServerCertificate: true,
  };
  const owner = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  const made = await makeOnSqlServer({ ...server, ...owner }, SCHEMA);
  const as = ({ user, password: secret }: { user: string; password: string }, timeoutMs?: number): Promise<Source> =>
    openSource({ kind: 'sqlserver', ...server, user, ...common(timeoutMs) }, { password: secret });
  return {
    open: (timeoutMs) => as(owner, timeoutMs),
    openAsStranger: () => as(made.stranger),
    openAsNobody: () => as(NOBODY),
    breakConnections: made.breakConnections,
    cash: '-922337203685477.5800',
    close: made.close,
  };
};

const url = process.env.CONCORD_SERVER_TESTS === '1' ? process.env.DATABASE_URL : undefined;
const sqlServerUrl = process.env.MSSQL_URL;

export const PLACES: Record<string, () => Promise<Place>> = {
  'an embedded database': embedded,
  'the driver of SQL Server over the TDS front': overTheFront,
  ...(url ? { 'a PostgreSQL server': served(url) } : {}),
  ...(sqlServerUrl ? { 'a SQL Server': sqlServer(sqlServerUrl) } : {}),
};
