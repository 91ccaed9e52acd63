import { recordId } from '../ids/record-id.ts';
import type { Database } from './database.ts';

/** Counters of ids are called by their key prefix. */
const IDS = 'id ';
/** With which number the ids of a key prefix begin that has given none yet. */
const FIRST_ID = 'first id';

/**
 * Counters behind record ids and auto numbers. They live in memory and are written down at commit:
 * a number given out is not taken back by a rollback, as on the platform.
 */
export class Sequences {
  readonly #database: Database;
  readonly #next = new Map<string, number>();
  readonly #changed = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
    for (const [name, next] of database.all('SELECT name, next FROM "$sequence"'))
      this.#next.set(String(name), Number(next));
  }

  /** The next number of `name`, the first being `start`. */
  take(name: string, start: number): number {
    const value = this.#next.get(name) ?? start;
    this.#put(name, value + 1);
    return value;
  }

  /** A new id with this key prefix. */
  newId(keyPrefix: string): string {
    return recordId(keyPrefix, this.take(`${IDS}${keyPrefix}`, this.#next.get(FIRST_ID) ?? 1));
  }

  /** The next `count` ids of every key prefix are not given out: somebody else has had them. */
  skipIds(count: number): void {
    this.#put(FIRST_ID, (this.#next.get(FIRST_ID) ?? 1) + count);
    for (const [name, next] of this.#next) if (name.startsWith(IDS)) this.#put(name, next + count);
  }

  /** Writes changed counters down; part of a commit. */
  save(): void {
    for (const name of this.#changed) {
      this.#database.run(
        'INSERT INTO "$sequence" (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = excluded.next',
        [name, this.#next.get(name)!],
      );
    }
    this.#changed.clear();
  }

  #put(name: string, next: number): void {
    this.#next.set(name, next);
    this.#changed.add(name);
  }
}
