/** Open query cursors: the rows of a query that did not fit into one response, fetched page by page. */
import type { QueriedRow } from '../store/types.ts';
import type { Random } from 'kernel/random.ts';

/** REST API Developer Guide, "Query": a user may have 10 cursors open; the oldest is closed for an eleventh. */
const CURSORS_PER_USER = 10;
/** SOQL limits: a cursor lives for 2 days. */
const LIFETIME = 2 * 86_400_000;
const ID_DIGITS = 15;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface Cursor {
  id: string;
  userId: string;
  rows: QueriedRow[];
  pageSize: number;
  openedAt: number;
}

export class QueryCursors {
  #cursors = new Map<string, Cursor>();

  open(content: Omit<Cursor, 'id'>, random: Random): Cursor {
    const own = [...this.#cursors.values()].filter(({ userId }) => userId === content.userId);
    const surplus = own.length - CURSORS_PER_USER + 1;
    for (const { id } of own.slice(0, Math.max(0, surplus))) this.#cursors.delete(id);
    const cursor = { ...content, id: cursorId(random) };
    this.#cursors.set(cursor.id, cursor);
    return cursor;
  }

  /** The user's cursor, or null when it never was or is closed. */
  find(id: string, userId: string, now: number): Cursor | null {
    const cursor = this.#cursors.get(id);
    if (!cursor || cursor.userId !== userId) return null;
    if (now - cursor.openedAt <= LIFETIME) return cursor;
    this.#cursors.delete(id);
    return null;
  }
}

/** 18 characters with the key prefix of a query cursor. */
const cursorId = (random: Random): string => {
  let id = '0r8';
  while (id.length < ID_DIGITS + 3) id += ALPHABET[Math.floor(random.next() * ALPHABET.length)];
  return id;
};
