import type { Transaction } from '../types.ts';
import type { Database } from './database.ts';

/** What takes part in transactions besides the database: pending events, caches, counters. */
export interface Participant {
  beforeCommit?(): void;
  afterCommit?(): void;
  /** The state of the last `mark`; given back on a rollback to it. */
  mark?(): unknown;
  rolledBack?(mark: unknown): void;
}

interface Savepoint {
  number: number;
  marks: unknown[];
}

interface Open {
  /** Marks of the participants when the transaction began. */
  start: unknown[];
  savepoints: Savepoint[];
}

/** The one transaction that may be open at a time, with nested savepoints. */
export class Transactions {
  readonly #database: Database;
  readonly #participants: Participant[] = [];
  #open: Open | null = null;
  #count = 0;
  #nests = false;

  constructor(database: Database) {
    this.#database = database;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  join(participant: Participant): void {
    this.#participants.push(participant);
  }

  /** Lets `work` begin transactions while one is open: each is a part of it. */
  meanwhile<T>(work: () => T): T {
    this.#nests = true;
    try {
      return work();
    } finally {
      this.#nests = false;
    }
  }

  begin(): Transaction {
    if (this.#open !== null && this.#nests) return this.#nested();
    if (this.#open !== null) throw new Error('A transaction is open already: the store runs one at a time');
    this.#database.exec('BEGIN IMMEDIATE');
    const mine: Open = { start: this.#marks(), savepoints: [] };
    this.#open = mine;
    const check = (): void => {
      if (this.#open !== mine) throw new Error('This transaction has ended');
    };
    return {
      savepoint: () => (check(), this.savepoint()),
      rollbackTo: (savepoint) => (check(), this.rollbackTo(savepoint)),
      commit: () => (check(), this.#commit()),
      rollback: () => (check(), this.#rollback()),
    };
  }

  #nested(): Transaction {
    const number = this.savepoint();
    return {
      savepoint: () => this.savepoint(),
      rollbackTo: (savepoint) => this.rollbackTo(savepoint),
      commit: () => this.release(number),
      rollback: () => {
        this.rollbackTo(number);
        this.release(number);
      },
    };
  }

  /** Runs `work` in the open transaction, or in one of its own. */
  within<T>(work: () => T): T {
    if (this.isOpen) return work();
    const transaction = this.begin();
    try {
      const result = work();
      transaction.commit();
      return result;
    } catch (error) {
      if (this.isOpen) transaction.rollback();
      throw error;
    }
  }

  savepoint(): number {
    const open = this.#require();
    const number = ++this.#count;
    this.#database.exec(`SAVEPOINT s${number}`);
    open.savepoints.push({ number, marks: this.#marks() });
    return number;
  }

  /** Undoes everything since the savepoint, which stays usable; savepoints made after it are gone. */
  rollbackTo(number: number): void {
    const open = this.#require();
    const at = open.savepoints.findIndex((each) => each.number === number);
    if (at < 0) throw new Error('This savepoint was rolled back past or belongs to another transaction');
    open.savepoints.length = at + 1;
    this.#database.exec(`ROLLBACK TO s${number}`);
    this.#rolledBack(open.savepoints[at]!.marks);
  }

  /** Forgets a savepoint that is no longer needed, and those made after it; what was done since stays. */
  release(number: number): void {
    const open = this.#require();
    const at = open.savepoints.findIndex((each) => each.number === number);
    if (at < 0) return;
    open.savepoints.length = at;
    this.#database.exec(`RELEASE s${number}`);
  }

  #commit(): void {
    for (const participant of this.#participants) participant.beforeCommit?.();
    this.#database.exec('COMMIT');
    this.#open = null;
    for (const participant of this.#participants) participant.afterCommit?.();
  }

  #rollback(): void {
    const { start } = this.#require();
    this.#database.rollback();
    this.#open = null;
    this.#rolledBack(start);
  }

  #marks(): unknown[] {
    return this.#participants.map((participant) => participant.mark?.());
  }

  #rolledBack(marks: unknown[]): void {
    this.#participants.forEach((participant, index) => participant.rolledBack?.(marks[index]));
  }

  #require(): Open {
    if (this.#open === null) throw new Error('No transaction is open: call begin() first');
    return this.#open;
  }
}
