import type { Database } from './database/database.ts';
import type { Participant, Transactions } from './database/transactions.ts';
import type { PublishedEvent, Store } from './types.ts';

export type EventListener = (events: PublishedEvent[]) => void;

/** The log of published platform events. Listeners hear of events once they are committed. */
export class EventLog implements Participant {
  readonly #database: Database;
  readonly #transactions: Transactions;
  readonly #listeners: Set<EventListener>;
  #pending: PublishedEvent[] = [];

  /** `listeners` are shared by the logs that follow each other on one database. */
  constructor(database: Database, transactions: Transactions, listeners: Set<EventListener>) {
    this.#database = database;
    this.#transactions = transactions;
    this.#listeners = listeners;
    transactions.join(this);
  }

  append(events: Omit<PublishedEvent, 'replayId'>[]): PublishedEvent[] {
    return this.#transactions.within(() => {
      const appended = events.map((event) => ({ ...event, replayId: this.#insert(event) }));
      this.#pending.push(...appended);
      return appended;
    });
  }

  after(object: string, replayId: number, limit: number): PublishedEvent[] {
    return this.#database
      .all(
        'SELECT replayId, object, createdAt, createdById, uuid, "values" FROM "$event" WHERE object = ? AND replayId > ? ORDER BY replayId LIMIT ?',
        [object, replayId, limit],
      )
      .map(([id, name, createdAt, createdById, uuid, values]) => ({
        replayId: Number(id),
        object: String(name),
        createdAt: Number(createdAt),
        createdById: String(createdById),
        uuid: String(uuid),
        values: JSON.parse(String(values)) as PublishedEvent['values'],
      }));
  }

  /** The replay id given out last, whether or not its event is still there; 0 before the first. */
  newest(): number {
    return Number(this.#database.get(`SELECT seq FROM sqlite_sequence WHERE name = '$event'`)?.[0] ?? 0);
  }

  oldest(): number {
    return Number(this.#database.get('SELECT MIN(replayId) FROM "$event"')?.[0] ?? this.newest() + 1);
  }

  expire(before: number): void {
    this.#database.run('DELETE FROM "$event" WHERE createdAt < ?', [before]);
  }

  onAppend(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As part of the Store. */
  face(): Store['events'] {
    return {
      append: (events) => this.append(events),
      after: (object, replayId, limit) => this.after(object, replayId, limit),
      newest: () => this.newest(),
      oldest: () => this.oldest(),
      expire: (before) => this.expire(before),
      onAppend: (listener) => this.onAppend(listener),
    };
  }

  mark(): number {
    return this.#pending.length;
  }

  rolledBack(mark: unknown): void {
    this.#pending.length = mark as number;
  }

  afterCommit(): void {
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    for (const listener of [...this.#listeners]) listener(events);
  }

  #insert(event: Omit<PublishedEvent, 'replayId'>): number {
    const row = this.#database.get(
      'INSERT INTO "$event" (object, createdAt, createdById, uuid, "values") VALUES (?, ?, ?, ?, ?) RETURNING replayId',
      [event.object, event.createdAt, event.createdById, event.uuid, JSON.stringify(event.values)],
    );
    return Number(row![0]);
  }
}
