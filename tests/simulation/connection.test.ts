import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { Connection, overConnection, type Loss } from '../../src/simulation/connection.ts';
import type { Database } from '../../src/shared/sql/types.ts';

/** Keeps statements that were committed. */
const ledger = (): Database & { committed: string[] } => {
  const committed: string[] = [];
  return {
    committed,
    async query(text) {
      committed.push(text);
      return [];
    },
    async transaction(work) {
      const open: string[] = [];
      const result = await work({
        async query(text) {
          open.push(text);
          return [];
        },
      });
      committed.push(...open);
      return result;
    },
    script: async () => {},
    close: async () => {},
  };
};

const AT_ONCE = { in: 1, silentMs: 0, awayMs: 0 };

const written = async (loss: Loss): Promise<string[]> => {
  const connection = new Connection(new ManualClock(0));
  const inner = ledger();
  const db = overConnection(inner, connection);
  connection.lose(loss);
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('a');
      await tx.query('b');
    }),
    { name: 'DatabaseUnavailable' },
  );
  // the next connection works
  await db.query('c');
  return inner.committed;
};

test('what is lost with a connection is what was not committed', async () => {
  assert.deepEqual(await written({ ...AT_ONCE, at: 'statement' }), ['c']);
  assert.deepEqual(await written({ ...AT_ONCE, at: 'statement', in: 3 }), ['c'], 'at the second statement within');
  assert.deepEqual(await written({ ...AT_ONCE, at: 'commit' }), ['c']);
  assert.deepEqual(await written({ ...AT_ONCE, at: 'answer' }), ['a', 'b', 'c']);
});

test('a database that is away answers nothing until its time, or until it is mended', async () => {
  const clock = new ManualClock(0);
  const connection = new Connection(clock);
  const db = overConnection(ledger(), connection);
  connection.lose({ at: 'statement', in: 1, silentMs: 3_000, awayMs: 60_000 });
  await assert.rejects(db.query('a'));
  assert.equal(clock.now(), 3_000, 'who waits notices the silence late');
  await clock.advance(59_000);
  await assert.rejects(db.query('b'));
  await clock.advance(1_000);
  await db.query('c');
  connection.lose({ at: 'answer', in: 1, silentMs: 0, awayMs: 60_000 });
  await assert.rejects(db.query('d'));
  connection.mend();
  await db.query('e');
});
