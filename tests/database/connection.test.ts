import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres, type PostgresServer } from '../../scripts/testing/postgres/server.ts';
import { DatabaseUnavailable, isDatabaseUnavailable, sqlState } from '../../src/shared/sql/errors.ts';
import { openPostgres, type PostgresOptions } from '../../src/shared/sql/postgres.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { withoutServer } from './support/skip.ts';
import { tcpProxy, type TcpProxy } from './support/tcp-proxy.ts';

const LIMITS = { connectMs: 500, silenceMs: 200, statementMs: 2_000, lockMs: 400, idleInTransactionMs: 1_000 };

describe('a connection to a PostgreSQL server', { skip: withoutServer }, () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  let db: Database;
  const events: string[] = [];
  before(async () => {
    server = await startPostgres({ max_connections: 12, superuser_reserved_connections: 0, deadlock_timeout: '50ms' });
    await server.sql('CREATE TABLE thing (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)');
    await server.sql('INSERT INTO thing VALUES (1), (2)');
  });
  beforeEach(async () => {
    events.length = 0;
    proxy = await tcpProxy(server.port);
    db = open();
  });
  afterEach(async () => {
    await db.close();
    await proxy.close();
  });
  after(() => server?.remove());

  const open = (options: PostgresOptions = {}): Database =>
    openPostgres(server.url.replace(String(server.port), String(proxy.port)), {
      limits: LIMITS,
      log: (_level, event) => events.push(event),
      ...options,
    });
  const rejection = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => null,
      (error: unknown) => error,
    );
  /** Fails unless it is settled soon: nothing may hang. */
  const within = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await promise;
    const took = performance.now() - started;
    assert.ok(took < ms, `took ${Math.round(took)} ms, not less than ${ms}`);
    return result;
  };
  const terminateAll = (): Promise<unknown> =>
    server.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'concord' AND pid <> pg_backend_pid()",
    );

  it('outlives the end of its idle connections', async () => {
    await Promise.all([db.query('SELECT pg_sleep(0.05)'), db.query('SELECT pg_sleep(0.05)')]);
    await terminateAll();
    await pause(100);
    assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
    assert.deepEqual(events, ['database away', 'database back'], 'told once each');
  });

  it('fails the statement whose backend is terminated, and the next one works', async () => {
    const failing = rejection(db.query('SELECT pg_sleep(5)'));
    await pause(100);
    await terminateAll();
    assert.ok(isDatabaseUnavailable(await within(1_000, failing)));
    assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  });

  it('rolls back a transaction whose backend is terminated between two statements', async () => {
    const failing = await rejection(
      db.transaction(async (tx) => {
        await tx.query('UPDATE thing SET n = 99');
        await terminateAll();
        await pause(100);
        await tx.query('SELECT 1');
      }),
    );
    assert.ok(isDatabaseUnavailable(failing), String(failing));
    assert.deepEqual(await db.query('SELECT n FROM thing WHERE id = 1'), [{ n: 0 }]);
  });

  it('is away while nothing answers at its address, and comes back by itself', async () => {
    await db.query('SELECT 1');
    proxy.mode = 'closed';
    proxy.cut();
    assert.ok(isDatabaseUnavailable(await within(1_000, rejection(db.query('SELECT 1')))));
    assert.ok(isDatabaseUnavailable(await within(1_000, rejection(db.transaction((tx) => tx.query('SELECT 1'))))));
    proxy.mode = 'open';
    assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  });

  it('notices within bounds that the server has fallen silent, whatever was under way, and recovers', async () => {
    await Promise.all(Array.from({ length: 5 }, () => db.query('SELECT pg_sleep(0.05)')));
    const under = [
      rejection(db.query('SELECT pg_sleep(1)')),
      rejection(
        db.transaction(async (tx) => {
          await tx.query('UPDATE thing SET n = 7 WHERE id = 2');
          await pause(200);
          await tx.query('SELECT 1');
        }),
      ),
    ];
    await pause(100);
    proxy.mode = 'silent';
    const later = Array.from({ length: 5 }, () => rejection(db.query('SELECT 1')));
    for (const error of await within(2_500, Promise.all([...under, ...later])))
      assert.ok(error instanceof DatabaseUnavailable, String(error));
    proxy.mode = 'open';
    assert.deepEqual(await within(500, db.query('SELECT 1 AS one')), [{ one: 1 }]);
    await pause(LIMITS.idleInTransactionMs + 200);
    assert.deepEqual(
      await within(500, db.query('UPDATE thing SET n = n + 1 WHERE id = 2 RETURNING n')),
      [{ n: 1 }],
      'the server has given up the transaction that was left behind, and its lock',
    );
    await db.query('UPDATE thing SET n = 0');
  });

  it('lets a slow statement work while the server answers', async () => {
    assert.deepEqual(await db.query('SELECT 1 AS one FROM pg_sleep(1)'), [{ one: 1 }]);
    assert.deepEqual(events, []);
  });

  it('ends a statement that takes too long, on the server too', async () => {
    const error = await within(3_000, rejection(db.query('SELECT pg_sleep(20)')));
    assert.equal(sqlState(error), '57014');
    const busy = await server.sql(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    assert.deepEqual(busy, []);
    assert.deepEqual(events, [], 'the database was there all the time');
  });

  it('waits for a lock only so long', async () => {
    const holder = open({ limits: { ...LIMITS, idleInTransactionMs: 5_000 } });
    let release = (): void => {};
    const held = holder.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM thing WHERE id = 1 FOR UPDATE');
      await new Promise<void>((resolve) => (release = resolve));
    });
    await pause(100);
    assert.equal(sqlState(await rejection(db.query('UPDATE thing SET n = 1 WHERE id = 1'))), '55P03');
    release();
    await held;
    await holder.close();
  });

  it('does without limits where a transaction asks for that', async () => {
    await db.transaction((tx) => tx.query('SELECT pg_sleep(2.5)'), { unlimited: true });
    const [shown] = await db.query<{ statement_timeout: string }>('SHOW statement_timeout');
    assert.equal(shown!.statement_timeout, '2s', 'the next one on the connection has them again');
  });

  it('says that nobody knows when it is lost in the middle of a commit', async () => {
    proxy.cutAnswerTo = /COMMIT/;
    const error = await rejection(db.transaction((tx) => tx.query('UPDATE thing SET n = 5 WHERE id = 1')));
    assert.ok(error instanceof DatabaseUnavailable);
    assert.match(error.message, /whether it took effect is unknown/);
    assert.deepEqual(await db.query('UPDATE thing SET n = 0 WHERE id = 1 AND n = 5 RETURNING n'), [{ n: 0 }]);
  });

  it('runs a transaction again that met another one in a deadlock', async () => {
    let runs = 0;
    const both = (first: number, second: number): Promise<unknown> =>
      db.transaction(async (tx) => {
        runs += 1;
        await tx.query('UPDATE thing SET n = n + 1 WHERE id = $1', [first]);
        await pause(100);
        await tx.query('UPDATE thing SET n = n + 1 WHERE id = $1', [second]);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    // on a busy machine the one that runs again may meet the other a second time
    assert.ok(runs >= 3, `${runs} runs`);
    assert.deepEqual(await db.query('SELECT n FROM thing ORDER BY id'), [{ n: 2 }, { n: 2 }]);
    await db.query('UPDATE thing SET n = 0');
  });

  it('stores nothing, and says so, when the error of a statement was swallowed', async () => {
    const error = await rejection(
      db.transaction(async (tx) => {
        await tx.query('UPDATE thing SET n = 3');
        await tx.query('SELECT 1 / 0').catch(() => {});
      }),
    );
    assert.match(String(error), /nothing was stored/);
  });

  it('is too busy, not gone, when the server has no connection left, and recovers', async () => {
    const greedy = Array.from({ length: 12 }, () => server.sql('SELECT pg_sleep(1)'));
    await pause(200);
    const error = await rejection(db.query('SELECT 1'));
    assert.equal(sqlState(error), '53300');
    assert.ok(isDatabaseUnavailable(error));
    await Promise.all(greedy);
    assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  });

  it('keeps working after the server was killed and started again', async () => {
    await db.query('UPDATE thing SET n = 11 WHERE id = 1');
    const under = rejection(db.query('SELECT pg_sleep(5)'));
    await pause(100);
    await server.stop('immediate');
    assert.ok(isDatabaseUnavailable(await under));
    assert.ok(isDatabaseUnavailable(await within(1_000, rejection(db.query('SELECT 1')))));
    await server.start();
    assert.deepEqual(await db.query('SELECT n FROM thing WHERE id = 1'), [{ n: 11 }]);
  });
});
