/** The registry and the service application, whose database a newer program migrates while they work. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { TransportError, type Handler } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { createExternalSystem } from '../../../src/external-system/index.ts';
import { createServiceApp, type ServiceAppOptions } from '../../../src/service-app/index.ts';
import { SchemaIsNewer } from '../../../src/shared/sql/migrate.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import { SCHEMA_CHECK_MS } from '../../../src/shared/sql/schema-guard.ts';
import type { Database } from '../../../src/shared/sql/types.ts';

const NEWER = '999_of_tomorrow.sql';

interface Program {
  part: string;
  /** A call that works on the database. */
  path: string;
  start: (options: Pick<ServiceAppOptions, 'db' | 'clock' | 'random' | 'transport' | 'onError'>) => Promise<{
    handle: Handler;
    run: (signal: AbortSignal) => Promise<void>;
    outdated: Promise<SchemaIsNewer>;
  }>;
}

const middleLayer = { url: 'http://middle', token: 'none' };
const PROGRAMS: Program[] = [
  {
    part: 'external-system',
    path: '/v1/cases',
    start: (options) => createExternalSystem({ ...options, middleLayer, token: 'secret' }),
  },
  {
    part: 'service-app',
    path: '/v1/bookings/unsettled?since=2026-01-05T00:00:00Z',
    start: (options) =>
      createServiceApp({ ...options, middleLayer, token: 'secret', contracts: {} as ServiceAppOptions['contracts'] }),
  },
];

let db: Database;
before(async () => (db = await openPglite()));
beforeEach(() => db.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
after(() => db.close());

for (const { part, path, start } of PROGRAMS) {
  const started = async (errors: string[] = []) => {
    const clock = new ManualClock(Date.UTC(2026, 0, 5, 9));
    const program = await start({
      db,
      clock,
      random: seededRandom(1),
      transport: async () => {
        throw new TransportError('nobody is there');
      },
      onError: (error) => void errors.push(String(error)),
    });
    const stop = new AbortController();
    const running = program.run(stop.signal);
    return { clock, program, end: () => (stop.abort(), running) };
  };
  const upgraded = (earlierMayWork: boolean): Promise<unknown> =>
    db.query('INSERT INTO migration (part, name, earlier_may_work) VALUES ($1, $2, $3)', [part, NEWER, earlierMayWork]);
  const ask = (handle: Handler) =>
    handle({ method: 'GET', url: path, headers: { authorization: 'Bearer secret' }, body: '' });

  test(`${part} ends by itself when a newer program has migrated its database, and does nothing more`, async () => {
    const { clock, program, end } = await started();
    assert.equal((await ask(program.handle)).status, 200);
    await upgraded(false);
    await clock.advance(SCHEMA_CHECK_MS);
    const error = await program.outdated;
    assert.ok(error instanceof SchemaIsNewer);
    assert.match(error.message, new RegExp(`migrations of ${part} that this program does not know: ${NEWER}`));
    assert.equal((await ask(program.handle)).status, 503);
    await end();
  });

  test(`${part} works on beside a migration that only adds, and tells it once`, async () => {
    const errors: string[] = [];
    const { clock, program, end } = await started(errors);
    await upgraded(true);
    await clock.advance(SCHEMA_CHECK_MS);
    await clock.advance(SCHEMA_CHECK_MS);
    assert.equal((await ask(program.handle)).status, 200);
    await end();
    assert.equal(errors.filter((line) => line.includes(`has applied ${NEWER}`)).length, 1, errors.join('\n'));
  });
}
