/** Opens the database of a company as the configuration describes it. */
import { isAbsolute, join } from 'node:path';
import { existsSync } from 'node:fs';
import { PGlite, types } from '@electric-sql/pglite';
import pg from 'pg';
import { UnusableInput } from 'kernel/command-line.ts';
import { claimDirectory } from '../../shared/sql/claim-directory.ts';
import { openSqlServer } from './open-sqlserver.ts';
import { PostgresSource, type PostgresLink } from './postgres.ts';
import { SourceError, type Source } from './types.ts';

/** Texts as they are told: no value goes through a JavaScript number or date. */
const asText = (value: string): string => value;
const TOLD_AS_TEXT = [types.INT8, types.NUMERIC, types.DATE, types.TIMESTAMP, types.TIMESTAMPTZ];
const parsers = Object.fromEntries(TOLD_AS_TEXT.map((type) => [type, asText]));

const BOOL: number = pg.types.builtins.BOOL;
const CONNECT_MS = 15_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** The server ends a statement first; when its word of that does not come, the connection is given up. */
const ANSWER_GRACE_MS = 5_000;

export interface SourceSettings {
  kind: 'embedded' | 'postgres' | 'sqlserver';
  /** Milliseconds: the longest silence between two batches. */
  timeoutMs: number;
  /** What relative paths start from. */
  baseDirectory?: string;
  [name: string]: unknown;
}

const textOf = (settings: SourceSettings, name: string): string => {
  const value = settings[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UnusableInput(`a source of the kind ${settings.kind} needs ${name}; add it to the configuration`);
};

const openEmbedded = async (settings: SourceSettings): Promise<PostgresLink> => {
  const given = textOf(settings, 'dataDir');
  const dataDir = isAbsolute(given) ? given : join(settings.baseDirectory ?? '.', given);
  if (!existsSync(join(dataDir, 'PG_VERSION')))
    throw new SourceError('NO_SERVER', `there is no embedded database in ${dataDir}; make it, or correct dataDir`);
  const release = await claimDirectory(dataDir);
  const db = await PGlite.create({ dataDir, parsers }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  return {
    query: async (text, parameters = []) => (await db.query<Record<string, unknown>>(text, [...parameters])).rows,
    close: async () => {
      await db.close();
      await release();
    },
  };
};

const noServer = (settings: SourceSettings, error: unknown): SourceError => {
  const { code, message } = error as NodeJS.ErrnoException;
  const where = `${textOf(settings, 'host')}, database ${textOf(settings, 'database')}`;
  const because = { cause: error };
  if (code === '28P01' || code === '28000')
    return new SourceError(
      'LOGIN_FAILED',
      `${where} refuses the user: ${message}; check user and secret`,
      false,
      because,
    );
  if (code === '3D000')
    return new SourceError('NO_SERVER', `${where}: ${message}; correct the configuration`, false, because);
  // Node tries all addresses of a name and gives their errors together, without a message
  return new SourceError(
    'NO_SERVER',
    `${where} does not answer: ${message || code}; look at the server, and run again`,
    true,
    because,
  );
};

const openServed = async (settings: SourceSettings, password: string | null): Promise<PostgresLink> => {
  const client = new pg.Client({
    host: textOf(settings, 'host'),
    port: Number(settings.port ?? 5432),
    database: textOf(settings, 'database'),
    user: textOf(settings, 'user'),
    ...(password === null ? {} : { password }),
    ...(settings.encrypt === false ? {} : { ssl: { rejectUnauthorized: settings.trustServerCertificate !== true } }),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: settings.timeoutMs + ANSWER_GRACE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    fallback_application_name: 'concord feeds',
    // texts as they are told; a flag is a flag
    types: {
      getTypeParser: ((oid: number) => (oid === BOOL ? (text: string) => text === 't' : asText)) as never,
    },
  });
  // a connection that breaks between two queries is told by the next one
  client.on('error', () => {});
  await client.connect().catch((error: unknown) => {
    throw noServer(settings, error);
  });
  return {
    query: async (text, parameters = []) => (await client.query<Record<string, unknown>>(text, [...parameters])).rows,
    close: () => client.end(),
  };
};

/**
 * Opens a source. Rejects with SourceError when the database cannot be reached, and with UnusableInput when the settings
 * are not enough. Neither quotes the password.
 */
export const openSource = async (
  given: Readonly<Record<string, unknown>>,
  { password }: { password: string | null },
): Promise<Source> => {
  const settings = given as unknown as SourceSettings;
  if (settings.kind === 'sqlserver')
    return openSqlServer(
      {
        host: textOf(settings, 'host'),
        port: Number(settings.port ?? 1433),
        database: textOf(settings, 'database'),
        user: textOf(settings, 'user'),
        encrypt: settings.encrypt !== false,
        trustServerCertificate: settings.trustServerCertificate === true,
        connectMs: CONNECT_MS,
        timeoutMs: settings.timeoutMs,
      },
      password,
    );
  const link = settings.kind === 'embedded' ? await openEmbedded(settings) : await openServed(settings, password);
  return new PostgresSource(link, settings.timeoutMs);
};
