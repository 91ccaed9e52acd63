/** What `/v1/status` and `/ready` count costs the same, however much there is to count. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { countOverdueIntakes } from '../../src/flows/cases/carried/db/intakes.ts';
import { countSeals } from '../../src/flows/usage/carried/db/seals.ts';
import { deadLettersByCode, MAX_COUNTED } from '../../src/middle-layer/db/dead-letters.ts';
import type { Database, Queryable, SqlParameter } from '../../src/shared/sql/types.ts';
import { testDatabase } from './support/database.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => (database = await testDatabase()));
beforeEach(() => database.reset());
after(() => database.close());

const MANY = 3_000;

const addDeadLetters = async (db: Database, flow: string, code: string, many: number): Promise<void> => {
  await db.query(
    `WITH added AS (
       INSERT INTO message (flow, id, target, kind, key, ordinal, payload, state, queued_at, next_attempt_at, turn_at, settled_at)
       SELECT $1, $2 || n, 'salesforce', 'record', $2 || '-' || n, n, '{}', 'dead', now(), now(), now(), now() FROM generate_series(1, $3::int) AS n
       RETURNING seq)
     INSERT INTO dead_letter (message_seq, code, cause, history, died_at) SELECT seq, $2, '', '[]', now() FROM added ORDER BY seq`,
    [flow, code, many],
  );
};

const addSeals = (db: Queryable, from: number, to: number): Promise<unknown> =>
  db.query(
    `INSERT INTO usage_seal (contract_number, contract_id, entries, units, amount, digest, basis_digest, sealed_at, taken_at)
     SELECT lpad(n::text, 8, '0'), 'c' || n, 1, '1', '1', 'd', 'b', now(), now() FROM generate_series($1::int, $2::int) AS n`,
    [from, to],
  );

/** How the database goes about what `ask` asks: the plans of all that it sends. */
const plansOf = async (db: Database, ask: (db: Queryable) => Promise<unknown>): Promise<string> => {
  let plans = '';
  await ask({
    ...db,
    query: async <T>(text: string, parameters?: readonly SqlParameter[]): Promise<T[]> => {
      const lines = await db.query<Record<string, string>>(`EXPLAIN ${text}`, parameters);
      plans += lines.map((line) => Object.values(line)[0]).join('\n');
      return db.query<T>(text, parameters);
    },
  });
  return plans;
};

const readsWhole = (plans: string): string[] => plans.match(/Seq Scan on \w+/g) ?? [];

test('dead letters are told by code and flow, those of a rare code too, counted up to a bound', async () => {
  const { db } = database;
  await addDeadLetters(db, 'cases', 'OFTEN', MANY);
  await addDeadLetters(db, 'cases', 'RARE', 2);
  await addDeadLetters(db, 'usage', 'OTHER', 1);
  await db.query("UPDATE dead_letter SET resolved_at = now(), resolution = 'retried' WHERE seq = 1");
  assert.deepEqual(await deadLettersByCode(db, 'cases'), [
    { code: 'OFTEN', count: MAX_COUNTED, first: ['OFTEN-2', 'OFTEN-3', 'OFTEN-4'] },
    { code: 'RARE', count: 2, first: ['RARE-1', 'RARE-2'] },
  ]);
  assert.deepEqual(await deadLettersByCode(db, 'usage'), [{ code: 'OTHER', count: 1, first: ['OTHER-1'] }]);
  assert.deepEqual(await deadLettersByCode(db, 'none'), []);
  const plans = await plansOf(db, (asked) => deadLettersByCode(asked, 'cases'));
  assert.deepEqual(readsWhole(plans), [], plans);
});

test('overdue intakes are counted up to a bound, along an index', async () => {
  const { db } = database;
  await db.query(
    `INSERT INTO intake (key, payload, accepted_at, due_at)
     SELECT 'k' || n, jsonb_build_object('attempt', CASE WHEN n <= 3 THEN 9 ELSE 0 END), now(), now() FROM generate_series(1, $1::int) AS n`,
    [MANY],
  );
  assert.equal(await countOverdueIntakes(db, 5), 3);
  assert.equal(await countOverdueIntakes(db, 0), 1_000);
  const plans = await plansOf(db, (asked) => countOverdueIntakes(asked, 5));
  assert.deepEqual(readsWhole(plans), [], plans);
});

test('seals are counted as they are taken; the unconfirmed up to a bound, and the differing by number', async () => {
  const { db } = database;
  assert.deepEqual(await countSeals(db), { taken: 0, unconfirmed: 0, differing: [] });
  await addSeals(db, 1, MANY);
  await addSeals(db, MANY + 1, MANY + 2);
  await db.query("UPDATE usage_seal SET own_digest = 'd' WHERE contract_number > '00000005'");
  await db.query("UPDATE usage_seal SET own_digest = 'x' WHERE contract_number IN ('00000007', '00002000')");
  assert.deepEqual(await countSeals(db), { taken: MANY + 2, unconfirmed: 5, differing: ['00000007', '00002000'] });
  await db.query('UPDATE usage_seal SET own_digest = NULL');
  assert.deepEqual(await countSeals(db), { taken: MANY + 2, unconfirmed: 1_000, differing: [] });
  const plans = await plansOf(db, countSeals);
  assert.deepEqual(
    readsWhole(plans).filter((scan) => scan !== 'Seq Scan on counter'),
    [],
    plans,
  );
});
