import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres, type PostgresServer } from '../../scripts/testing/postgres/server.ts';
import { MIDDLE_LAYER, PartEnded, REGISTRY, startPart } from './support/part.ts';
import { withoutServer } from './support/skip.ts';
import { NOWHERE, REACHES_NOBODY } from '../support/reaches-nobody.ts';

describe('the start of a part on a PostgreSQL server', { skip: withoutServer }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.remove());

  const databaseUrl = (name: string): string => server.url.replace(/postgres$/, name);
  const layer = (database: string, more: Record<string, string> = {}): Record<string, string> => ({
    DATABASE_URL: databaseUrl(database),
    ...REACHES_NOBODY,
    ...more,
  });
  const registry = (database: string, more: Record<string, string> = {}): Record<string, string> => ({
    EXTERNAL_DATABASE_URL: databaseUrl(database),
    EXTERNAL_TOKEN: 'e',
    MIDDLE_LAYER_URL: NOWHERE,
    MIDDLE_LAYER_TOKEN: 'e',
    ...more,
  });
  const ending = async (main: string, env: Record<string, string>): Promise<PartEnded> => {
    try {
      await (await startPart(main, env)).stop();
    } catch (error) {
      assert.ok(error instanceof PartEnded);
      return error;
    }
    return assert.fail('it came to serve');
  };

  it('may be that of five middle layers and three registries at once, on an empty database', async () => {
    await server.sql('CREATE DATABASE shared');
    const parts = await Promise.all([
      ...Array.from({ length: 5 }, (_, n) =>
        startPart(MIDDLE_LAYER, layer('shared', { MIDDLE_LAYER_WORKER: `w${n}` })),
      ),
      ...Array.from({ length: 3 }, () => startPart(REGISTRY, registry('shared'))),
    ]);
    const twice = await server.sqlOn('shared', 'SELECT part, name FROM migration GROUP BY 1, 2 HAVING count(*) > 1');
    assert.deepEqual(twice, []);
    assert.deepEqual(await Promise.all(parts.map((part) => part.stop())), Array(8).fill(0));
  });

  it('is refused when a newer program has changed the schema', async () => {
    for (const [main, part, env] of [
      [MIDDLE_LAYER, 'middle-layer', layer('shared')],
      [REGISTRY, 'external-system', registry('shared')],
    ] as const) {
      await server.sqlOn('shared', `INSERT INTO migration (part, name) VALUES ('${part}', '999_of_tomorrow.sql')`);
      const { code, message } = await ending(main, env);
      assert.equal(code, 1);
      assert.match(message, new RegExp(`migrations of ${part} that this program does not know: 999_of_tomorrow.sql`));
    }
  });

  it('waits for a server that is not there yet', async () => {
    await server.stop();
    const starting = Promise.all([
      startPart(MIDDLE_LAYER, layer('postgres')),
      startPart(REGISTRY, registry('postgres')),
    ]);
    await pause(2_500);
    await server.start();
    for (const part of await starting) assert.equal(await part.stop(), 0);
  });

  it('ends with exit code 3 and says so when the server stays away', async () => {
    await server.stop();
    for (const [main, env] of [
      [MIDDLE_LAYER, layer('postgres', { DATABASE_WAIT_MS: '1000' })],
      [REGISTRY, registry('postgres', { DATABASE_WAIT_MS: '1000' })],
    ] as const) {
      const { code, message } = await ending(main, env);
      assert.equal(code, 3);
      assert.match(
        message,
        /waited for the database and gave up after 1 s.*ECONNREFUSED.*Start the server, or correct/,
      );
    }
    await server.start();
  });

  it('does not wait for what only a person can mend', async () => {
    const { code, message } = await ending(MIDDLE_LAYER, layer('no_such_database'));
    assert.equal(code, 1);
    assert.match(message, /database "no_such_database" does not exist.*Correct its URL/);
  });
});
