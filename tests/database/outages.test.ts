import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres, type PostgresServer } from '../../scripts/testing/postgres/server.ts';
import { withoutServer } from './support/skip.ts';
import { ServedSystem } from './support/system.ts';

describe('middle layer and registry while their database', { skip: withoutServer }, () => {
  let server: PostgresServer;
  let system: ServedSystem;
  before(async () => {
    server = await startPostgres({ max_connections: 40, superuser_reserved_connections: 0 });
    system = await ServedSystem.start(server);
  });
  beforeEach(() => {
    for (let count = 0; count < 20; count++) system.org.createCase({ Subject: 'before' });
  });
  after(async () => {
    await system?.close();
    await server?.remove();
  });

  /** Both parts say within seconds that they are not ready, and why. */
  const assertNotReady = async (): Promise<void> => {
    const started = performance.now();
    const [layer, registry] = await Promise.all([
      system.get('middleLayer', '/ready'),
      system.get('registry', '/ready'),
    ]);
    assert.ok(performance.now() - started < 5_000);
    assert.deepEqual([layer.status, registry.status], [503, 503]);
    assert.ok(layer.body.problems.includes('the database does not answer'), JSON.stringify(layer.body));
    assert.deepEqual(registry.body.problems, ['the database does not answer']);
    for (const part of ['middleLayer', 'registry'] as const)
      assert.equal((await system.get(part, '/health')).status, 200);
  };

  it('is killed and started again, under load', async () => {
    await system.during(async () => {
      for (let times = 0; times < 3; times++) {
        await pause(500);
        await server.stop('immediate');
        await pause(500);
        await assertNotReady();
        await server.start();
      }
    });
    await system.settled();
  });

  it('has its backends terminated in the middle of transactions', async () => {
    await system.during(async () => {
      for (let times = 0; times < 60; times++) {
        await server.sql(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'concord' AND random() < 0.5",
        );
        await pause(50);
      }
    });
    await system.settled();
  });

  it('falls silent, and forwards nothing for 12 s', async () => {
    await system.during(async () => {
      await pause(500);
      system.each((way) => (way.mode = 'silent'));
      await assertNotReady();
      const { status, body } = await system.get('middleLayer', '/v1/status');
      assert.deepEqual([status, body.database], [200, 'away']);
      const started = performance.now();
      const letters = await system.get('middleLayer', '/v1/dead-letters');
      assert.deepEqual([letters.status, letters.body.errorCode], [503, 'DATABASE_UNAVAILABLE']);
      const cases = await system.get('registry', '/v1/cases');
      assert.deepEqual([cases.status, cases.body.errorCode], [503, 'DATABASE_UNAVAILABLE']);
      assert.ok(performance.now() - started < 12_000, 'both within seconds');
      await pause(4_000);
      system.each((way) => (way.mode = 'open'));
    });
    await system.settled();
  });

  it('has no address for 5 s, as in a failover', async () => {
    await system.during(async () => {
      await pause(300);
      system.each((way) => {
        way.mode = 'closed';
        way.cut();
      });
      await pause(1_000);
      await assertNotReady();
      await pause(4_000);
      system.each((way) => (way.mode = 'open'));
    });
    await system.settled();
  });

  it('has no connection left for them', async () => {
    await system.during(async () => {
      await server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'concord'");
      const greedy = Array.from({ length: 40 }, () => server.sql('SELECT pg_sleep(4)').catch(() => {}));
      await Promise.all(greedy);
    });
    await system.settled();
  });

  it('commits, and its answer is lost, again and again', async () => {
    let lost = 0;
    await system.during(async () => {
      for (let times = 0; times < 200 && lost < 12; times++) {
        // whoever lost one pauses, and then commits again
        for (const way of Object.values(system.ways)) {
          if (times > 0 && way.cutAnswerTo === null) lost += 1;
          way.cutAnswerTo = /COMMIT/;
        }
        await pause(100);
      }
      system.each((way) => (way.cutAnswerTo = null));
    });
    assert.ok(lost >= 12, `only ${lost} answers were lost`);
    await system.settled();
  });

  it('told once each that it was away and that it is back', () => {
    const events = [...system.middleLayer.words().matchAll(/"event":"database (away|back)"/g)].map(
      ([, which]) => which,
    );
    assert.ok(events.length >= 8);
    assert.ok(
      events.every((which, index) => which === (index % 2 === 0 ? 'away' : 'back')),
      events.join(' '),
    );
    assert.doesNotMatch(system.middleLayer.words(), /loop failed.*database/, 'at the usual level of the log');
  });
});
