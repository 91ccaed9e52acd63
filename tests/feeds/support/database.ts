import { openFeedDatabase } from '../../../src/feeds/db/open.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import { Lent } from '../../support/lent.ts';

const embedded = new Lent(async () => {
  const db = await openPglite();
  await openFeedDatabase(db);
  return db;
});

export interface FeedDatabase {
  db: Database;
  giveBack: () => void;
}

/** A database with the tables of feeds, empty. The files of a process have it one after the other. */
export const borrowFeedDatabase = async (): Promise<FeedDatabase> => {
  const { thing: db, isNew, giveBack } = await embedded.borrow();
  if (!isNew) await db.script('TRUNCATE feed_run, feed_row, feed_job, feed_audit RESTART IDENTITY');
  return { db, giveBack };
};
