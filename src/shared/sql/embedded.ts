import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { Availability } from './availability.ts';
import { closeFilesOf, EngineEnded, watchEngine, type WatchedEngine } from './ended-engine.ts';
import { DatabaseUnavailable } from './errors.ts';
import { copyNewCluster } from './new-cluster.ts';
import { ownerOnly } from './owner-only.ts';
import { storageFailure } from './storage.ts';
import type { Database, DatabaseLog } from './types.ts';

/** After an engine has ended, it is started again at most so often: its disk is as full as before. */
const REOPEN_EVERY_MS = 2_000;
/** Trouble is over when something was stored, and nothing failed for so long: a disk that is almost full takes now this, now not that. */
const CALM_MS = 60_000;

interface Engine extends WatchedEngine {
  pglite: PGlite;
  database: Database;
}

/** How an engine is started, and what is made of it. */
export interface EngineKind {
  options: PGliteOptions;
  databaseOver: (pglite: PGlite) => Promise<Database>;
}

/**
 * An embedded PostgreSQL in a folder. What its files cannot do is told in words, once, and passes as a database that is
 * away: work rests, and goes on by itself. An engine that has ended is started again on the same files, as a server would be.
 */
export class Embedded {
  readonly #dataDir: string;
  readonly #kind: EngineKind;
  readonly #availability: Availability;
  #engine: Promise<Engine> | null = null;
  #opensAt = 0;
  #trouble: { words: string; at: number } | null = null;

  private constructor(dataDir: string, kind: EngineKind, log: DatabaseLog) {
    this.#dataDir = dataDir;
    this.#kind = kind;
    this.#availability = new Availability(log);
  }

  /** Opens the folder, or makes the database. Throws StorageFailed, or words for people. */
  static async open(dataDir: string, kind: EngineKind, log: DatabaseLog): Promise<Embedded> {
    await copyNewCluster(dataDir).catch((error: unknown) => {
      throw storageFailure(error, dataDir) ?? error;
    });
    const embedded = new Embedded(dataDir, kind, log);
    embedded.#engine = embedded.#start();
    await embedded.#engine;
    await ownerOnly(dataDir);
    return embedded;
  }

  /** What keeps the database from storing, in words for people; null: nothing known. */
  get trouble(): string | null {
    return this.#trouble?.words ?? null;
  }

  /** Lends the database. Rejects with StorageFailed for what its files could not do. */
  async lend<T>(work: (db: Database) => Promise<T>): Promise<T> {
    const engine = await this.#running();
    try {
      return await work(engine.database);
    } catch (error) {
      throw this.#judged(error, engine);
    }
  }

  /** Told of work that stored something. */
  stored(): void {
    if (!this.#trouble || performance.now() < this.#trouble.at + CALM_MS) return;
    this.#trouble = null;
    this.#availability.answered();
  }

  async close(): Promise<void> {
    const engine = await this.#engine?.catch(() => null);
    this.#engine = null;
    this.#opensAt = Infinity;
    if (!engine) return;
    if (engine.hasEnded()) closeFilesOf(engine.pglite);
    else await engine.database.close();
  }

  #running(): Promise<Engine> {
    if (this.#engine) return this.#engine;
    if (performance.now() < this.#opensAt)
      return Promise.reject(new DatabaseUnavailable(this.#trouble?.words ?? 'the database is closed'));
    this.#opensAt = performance.now() + REOPEN_EVERY_MS;
    const starting = this.#start().catch((error: unknown) => {
      this.#engine = null;
      const isAway = error instanceof DatabaseUnavailable;
      throw this.#noteTrouble(isAway ? error : new DatabaseUnavailable((error as Error).message, { cause: error }));
    });
    this.#engine = starting;
    return starting;
  }

  async #start(): Promise<Engine> {
    const watched = watchEngine();
    try {
      const { extension } = watched;
      const { options, databaseOver } = this.#kind;
      const pglite = await PGlite.create({ ...options, dataDir: this.#dataDir, extensions: { extension } });
      return { ...watched, pglite, database: await databaseOver(pglite) };
    } catch (error) {
      const reason = watched.hasEnded() ? new EngineEnded(watched.lastWords(), { cause: error }) : error;
      const failure = storageFailure(reason, this.#dataDir);
      // waiting mends no damage: a program that cannot start on it has to say so, and end
      throw failure && !failure.isDamage ? failure : this.#damaged(reason);
    }
  }

  /** An engine that does not start says little of why: a database of another version, or damaged in what it reads first. */
  #damaged(error: unknown): Error {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(
      `the database in ${this.#dataDir} cannot be opened (${reason}): its files are damaged, or of another version. Nothing in it was deleted; put a backup in its place, or name another folder`,
      { cause: error },
    );
  }

  #judged(error: unknown, engine: Engine): unknown {
    const reason = engine.hasEnded() ? new EngineEnded(engine.lastWords(), { cause: error }) : error;
    if (engine.hasEnded()) this.#drop(engine);
    const failure = storageFailure(reason, this.#dataDir) ?? (engine.hasEnded() ? this.#ended(reason) : null);
    return failure ? this.#noteTrouble(failure) : error;
  }

  #ended(error: unknown): DatabaseUnavailable {
    const words = `the database in ${this.#dataDir} has ended and starts again (${error instanceof Error ? error.message : String(error)})`;
    return new DatabaseUnavailable(words, { cause: error });
  }

  #drop(engine: Engine): void {
    const dropped = this.#engine;
    void dropped?.then(({ pglite }) => {
      if (pglite !== engine.pglite || this.#engine !== dropped) return;
      this.#engine = null;
      closeFilesOf(pglite);
    });
  }

  #noteTrouble<E extends Error>(error: E): E {
    this.#trouble = { words: error.message, at: performance.now() };
    return this.#availability.lost(error);
  }
}
