/** What `/v1/status` and `/ready` count costs the same, however much there is to count. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { countOverdueIntakes } from '../../src/flows/cases/carried/db/intakes.ts';
import { countSeals } from '../../src/flows/usage/carried/db/seals.ts';
import { deadLettersByCode } from '../../src/middle-layer/db/dead-letters.ts';
import { MAX_COUNTED } from '../../src/shared/sql/count-along.ts';
import type { Database, Queryable } from '../../src/shared/sql/types.ts';
import { RowsRead } from '../support/rows-read.ts';
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

/** Whatever `ask` asks, no step of it handles more rows than are counted, and a few. */
const assertBounded = async (db: Database, ask: (db: Queryable) => Promise<unknown>): Promise<void> => {
  const asked = new RowsRead(db);
  await ask(asked);
  assert.ok(asked.most > 0, 'something was asked');
  assert.ok(asked.most <= MAX_COUNTED + 10, `${asked.most} rows: ${asked.where}`);
};

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
  await assertBounded(db, (asked) => deadLettersByCode(asked, 'usage'));
  await assertBounded(db, (asked) => deadLettersByCode(asked, 'cases'));
});

test('overdue intakes are counted up to a bound, along an index', async () => {
  const { db } = database;
  await db.query(
    `INSERT INTO intake (key, payload, accepted_at, due_at)
     SELECT 'k' || n, jsonb_build_object('attempt', CASE WHEN n <= 3 THEN 9 ELSE 0 END), now(), now() FROM generate_series(1, $1::int) AS n`,
    [MANY],
  );
  assert.equal(await countOverdueIntakes(db, 5), 3);
  assert.equal(await countOverdueIntakes(db, 0), MAX_COUNTED);
  await assertBounded(db, (asked) => countOverdueIntakes(asked, 0));
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
  assert.deepEqual(await countSeals(db), { taken: MANY + 2, unconfirmed: MAX_COUNTED, differing: [] });
  await assertBounded(db, countSeals);
});
