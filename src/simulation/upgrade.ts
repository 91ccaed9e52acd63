import { fileURLToPath } from 'node:url';
import type { Random } from 'kernel/random.ts';
import type { Database, Queryable } from '../shared/sql/types.ts';
import type { World } from './world.ts';

const folderOf = (name: string): string => fileURLToPath(new URL(`upgrades/${name}`, import.meta.url));

/** A program of the middle layer as a process runs it. */
export interface Program {
  /** Migrations that come after those of today's program; absent: it is today's. */
  laterMigrations?: string;
  /** The database as its statements name things. */
  over: (db: Database) => Database;
}

export const TODAY: Program = { over: (db) => db };

/** Of tomorrow, with a migration that programs of today may work beside. */
const BESIDE: Program = { laterMigrations: folderOf('beside'), over: (db) => db };

/** A statement of today as a program says it that knows the new name. Its migration knows both. */
const inNewWords = (text: string): string =>
  text.startsWith('ALTER') ? text : text.replaceAll('turn_at', 'stands_at');

const renaming = (db: Database): Database => {
  const renamed = (inner: Queryable): Queryable => ({
    query: (text, parameters) => inner.query(inNewWords(text), parameters),
  });
  return {
    ...db,
    ...renamed(db),
    transaction: (work, options) => db.transaction((tx) => work(renamed(tx)), options),
  };
};

/** Of tomorrow, with a migration that ends programs of today. */
const AGAINST: Program = { laterMigrations: folderOf('against'), over: renaming };

/** What the migrations of tomorrow did is undone: the next seed begins with the tables of today. */
export const undoUpgrade = async (db: Database): Promise<void> => {
  const applied = await db.query<{ name: string }>("SELECT name FROM migration WHERE name LIKE '900%'");
  if (applied.length === 0) return;
  const isRenamed = applied.some(({ name }) => name === '900_stands_at.sql');
  await db.query(
    isRenamed ? 'ALTER TABLE message RENAME COLUMN stands_at TO turn_at' : 'ALTER TABLE message DROP COLUMN sort',
  );
  await db.query("DELETE FROM migration WHERE name LIKE '900%'");
};

/** Between two things that people do: how probable it is that the next worker is upgraded. */
const NEXT = 0.12;

/**
 * A rolling upgrade: the workers of the middle layer get the program of tomorrow one after the other, at any moment, while the rest
 * works on as it may. The first one migrates the database that all share.
 */
export class Upgrade {
  readonly #world: World;
  readonly #random: Random;
  readonly #tomorrow: Program;
  readonly #isUpgraded = new Map<string, boolean>();

  constructor(world: World, workers: readonly string[], random: Random) {
    this.#world = world;
    this.#random = random;
    this.#tomorrow = random.next() < 0.5 ? BESIDE : AGAINST;
    for (const worker of this.#shuffled(workers)) this.#isUpgraded.set(worker, false);
  }

  /** The program that a worker starts with. */
  programOf(worker: string): Program {
    return this.#isUpgraded.get(worker) ? this.#tomorrow : TODAY;
  }

  /** The next worker ends and comes back with the program of tomorrow, or none does. */
  goOn(): void {
    if (this.#random.next() < NEXT) this.#next();
  }

  /** Whoever has not been upgraded is. */
  finish(): void {
    while (this.#next());
  }

  #next(): boolean {
    const next = [...this.#isUpgraded].find(([, isUpgraded]) => !isUpgraded)?.[0];
    if (next === undefined) return false;
    this.#world.network.count(`upgrade.${this.#tomorrow === BESIDE ? 'beside' : 'against'} ${next}`);
    this.#isUpgraded.set(next, true);
    this.#world.process(next).life.dieIn(0);
    return true;
  }

  #shuffled(workers: readonly string[]): string[] {
    return this.#random.next() < 0.5 ? [...workers] : workers.toReversed();
  }
}
