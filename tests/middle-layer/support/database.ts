import { openServedDatabase } from '../../../src/simulation/own-database.ts';
import { carriedFlows } from '../../../src/flows/index.ts';
import { prepareDatabase } from '../../../src/middle-layer/index.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import { Lent } from '../../support/lent.ts';

/** The tables of the queue and of every flow, as a middle layer makes them when it starts. */
export const prepare = async (db: Database): Promise<void> => {
  await prepareDatabase(db, carriedFlows);
};

/** What the files of a process have of it, one after the other, is as empty as a new one. */
const embedded = new Lent(async () => {
  const db = await openPglite();
  await prepare(db);
  return db;
});

const borrowEmbedded = async (): Promise<{ db: Database; close: () => Promise<void> }> => {
  const { thing: db, isNew, giveBack } = await embedded.borrow();
  if (!isNew) await resetDatabase(db);
  return { db, close: async () => giveBack() };
};

/**
 * A database (embedded, or on the server that DATABASE_URL names) with the schema in place: one for each test file, `reset`
 * before each test.
 */
export const testDatabase = async (): Promise<{
  db: Database;
  reset: () => Promise<void>;
  close: () => Promise<void>;
}> => {
  const served = await openServedDatabase();
  if (served !== null) await prepare(served);
  const { db, close } = served ? { db: served, close: () => served.close() } : await borrowEmbedded();
  return { db, reset: () => resetDatabase(db), close };
};

/** Empties all tables; the audit lets nobody truncate it, so its triggers rest meanwhile. */
export const resetDatabase = (db: Database): Promise<void> =>
  db.script(`
    ALTER TABLE audit DISABLE TRIGGER ALL;
    TRUNCATE key_lock, flow_state, case_state, message, dead_letter, audit, conflict, inbox, intake, tombstone, sweep_state, replay_id, counter, queue_depth, usage_seal RESTART IDENTITY;
    ALTER TABLE audit ENABLE TRIGGER ALL;
    INSERT INTO flow_state (flow, pause) VALUES ('cases', 'NOT_SWEPT_YET');
    INSERT INTO sweep_state (flow) VALUES ('cases');
  `);
