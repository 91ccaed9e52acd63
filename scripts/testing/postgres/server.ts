import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { findPostgres, unprivileged, type Account } from './find.ts';

/** How a server is told to end: once its clients are gone are not waited for; at once, as a crash would. */
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A PostgreSQL server of one's own: its data is in a temporary folder, its port is free, nobody else knows it. */
export interface PostgresServer {
  url: string;
  port: number;
  start(): Promise<void>;
  stop(how?: keyof typeof SIGNALS): Promise<void>;
  /** Runs one statement as the superuser, on a connection of its own. */
  sql<Row = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<Row[]>;
  /** The same on another database than `postgres`. */
  sqlOn<Row = Record<string, unknown>>(database: string, text: string, parameters?: unknown[]): Promise<Row[]>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const initialise = (bin: string, data: string, account: Account | null): void => {
  const { status, stderr, error } = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'concord', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...account, cwd: data, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr}`);
};

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
};

/** One statement over a connection of its own. */
const ask = async <Row>(url: string, text: string, parameters: unknown[]): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, parameters)).rows as Row[];
  } finally {
    await client.end();
  }
};

/** Makes and starts a server. `settings` are those of postgresql.conf. Throws when this machine has no PostgreSQL. */
export const startPostgres = async (settings: Record<string, string | number> = {}): Promise<PostgresServer> => {
  const bin = findPostgres();
  if (bin === null) throw new Error('this machine has no PostgreSQL: install it, or put its bin folder on PATH');
  const account = unprivileged();
  const data = mkdtempSync(join(tmpdir(), 'concord-postgres-'));
  if (account) chownSync(data, account.uid, account.gid);
  initialise(bin, data, account);
  const port = await freePort();
  const url = `postgres://concord@127.0.0.1:${port}/postgres`;
  // its data need not survive this machine
  const all = { fsync: 'off', unix_socket_directories: '', listen_addresses: '127.0.0.1', port, ...settings };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let child: ChildProcess | null = null;
  process.on('exit', () => child?.kill('SIGQUIT'));

  const start = async (): Promise<void> => {
    const words: string[] = [];
    const started = spawn(join(bin, 'postgres'), ['-D', data, ...options], {
      ...account,
      cwd: data,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.stderr.on('data', (text: Buffer) => words.push(text.toString()));
    child = started;
    for (let tries = 0; !(await answers(url)); tries++) {
      if (started.exitCode !== null || tries > 300) throw new Error(`PostgreSQL does not start:\n${words.join('')}`);
      await pause(50);
    }
    words.length = 0;
  };
  const stop = async (how: keyof typeof SIGNALS = 'fast'): Promise<void> => {
    const stopping = child;
    child = null;
    if (!stopping || stopping.exitCode !== null) return;
    const ended = new Promise((resolve) => stopping.once('exit', resolve));
    stopping.kill(SIGNALS[how]);
    await ended;
  };
  const sqlOn: PostgresServer['sqlOn'] = (database, text, parameters = []) =>
    ask(url.replace(/postgres$/, database), text, parameters);
  await start();
  return {
    url,
    port,
    start,
    stop,
    sql: (text, parameters) => sqlOn('postgres', text, parameters),
    sqlOn,
    async remove() {
      await stop('immediate');
      rmSync(data, { recursive: true, force: true });
    },
  };
};
