import type { Clock } from 'kernel/clock.ts';
import { DEFAULT_SETTINGS } from '../middle-layer/settings.ts';
import type { Database, Queryable, SqlParameter } from '../shared/sql/types.ts';
import {
  aloneIn,
  type Before,
  type Changed,
  type Entry,
  Judgement,
  type KeptRow,
  type KeptTable,
  type Letter,
  lineOf,
  type Message,
  type MessageRules,
} from './message-model.ts';
import { Sending, settledOf } from './sending-model.ts';

/** Tables that the queue of every flow has. */
const TABLES = ['message', 'audit', 'dead_letter', 'inbox', 'flow_state'] as const;
/** One of these, or a table that only one flow has. */
type Table = string;
const WRITES = /\b(?:INSERT INTO|UPDATE|(DELETE) FROM)\s+(\w+)/g;

/** What a statement may change of them. */
interface Touched {
  tables: readonly Table[];
  deletes: boolean;
  /** Whether it tells the rows that it changed: no row, no change. */
  returns: boolean;
}

interface Row {
  table: Table;
  row: unknown;
}

const rowsOf = <T>(rows: readonly Row[], table: (typeof TABLES)[number]): T[] =>
  rows.filter((each) => each.table === table).map(({ row }) => row as T);

const ownerOf = ({ row }: Row): string => (row as { flow: string }).flow;

interface Received {
  flow: string;
  id: string;
  received_at: string;
}

const nameOf = ({ flow, id }: Received): string => `${flow} ${id}`;

/** Asks for rows of these tables: those that this transaction has written, or all. */
const lookAt = (tables: Iterable<Table>, all = false): string =>
  [...tables]
    .toSorted()
    .map(
      (table) =>
        `SELECT '${table}' AS "table", to_jsonb(t) AS row FROM ${table} t${all ? '' : ' WHERE xmin = pg_current_xact_id_if_assigned()::xid'}`,
    )
    .join(' UNION ALL ');

const { retention } = DEFAULT_SETTINGS;
/** When what is there was last of use; null: it has no end. */
const endOf = ({ state, settled_at: at }: Message): string | null =>
  state === 'done' || state === 'superseded' ? at : null;

/**
 * Watches what the workers of the middle layer make of its queue: each commit against a model (`message-model.ts`,
 * `sending-model.ts`). It sees the rows that a commit has written within that transaction, and keeps what they were before. On the
 * embedded database alone: on a server others commit meanwhile.
 */
export class MessageWatch {
  readonly broken: string[] = [];
  readonly #touched = new Map<string, Touched>();
  readonly #messages = new Map<number, Message>();
  readonly #lines = new Map<string, Set<number>>();
  readonly #open = new Map<number, Message>();
  readonly #letters = new Map<number, Letter>();
  readonly #entriesOf = new Map<string, Entry[]>();
  /** When each entry of the audit was written. */
  readonly #audited = new Map<number, string>();
  readonly #inbox = new Map<string, string>();
  readonly #pauses = new Map<string, string | null>();
  /** Of tables that only one flow has: what they are, and their rows by name. */
  readonly #kept = new Map<Table, KeptTable & { flow: string; rows: Map<string, unknown> }>();
  readonly #rules: Readonly<Record<string, MessageRules>>;
  /** Of all workers: each has one. */
  readonly #clocks = new Set<Clock>();
  /** How the worker that started last sends, by flow and target. */
  #sending = new Map<string, Sending>();
  /** Whether the rows may be others than those that were seen last: a backup was put back. */
  #isStale = true;

  /** `rules`: by the name of a flow. */
  constructor(rules: Readonly<Record<string, MessageRules>>) {
    this.#rules = rules;
    for (const [flow, { keeps = {} }] of Object.entries(rules))
      for (const [table, kept] of Object.entries(keeps)) this.#kept.set(table, { ...kept, flow, rows: new Map() });
  }

  /** The database of a worker that starts, under watch. `clock`: the worker's. */
  over(inner: Database, clock: Clock): Database {
    const sending = new Map<string, Sending>();
    this.#sending = sending;
    this.#clocks.add(clock);
    // whoever puts a backup back starts the workers again
    this.#isStale = true;
    const alone = async <T>(work: (tx: Queryable) => Promise<T>, options?: object): Promise<T> => {
      const began = clock.now();
      const { result, learn } = await inner.transaction(async (tx) => {
        const seen = new Seen();
        const done = await work({ query: (text, parameters) => this.#ask(tx, seen, text, parameters) });
        const { tables, deleting, whole } = seen;
        const rows = tables.size > 0 ? await tx.query<Row>(lookAt(tables)) : [];
        const left = deleting.size > 0 ? await tx.query<Row>(lookAt(deleting, true)) : [];
        // where the clock moves meanwhile, as while another loop waits for a database that is silent, times tell nothing
        const isStill = clock.now() === began;
        const written = { rows, left, deleting, whole };
        return { result: done, learn: () => this.#committed(written, isStill ? began : null, sending) };
      }, options);
      learn();
      return result;
    };
    return {
      ...inner,
      query: async <R>(text: string, parameters?: readonly SqlParameter[]): Promise<R[]> => {
        const { tables } = this.#touchedBy(text);
        if (tables.some((table) => !this.#kept.has(table))) return alone((tx) => tx.query<R>(text, parameters));
        const rows = await inner.query<R>(text, parameters);
        await this.#lookOnce(inner, tables, clock);
        return rows;
      },
      transaction: alone,
    };
  }

  /** After a statement alone: of tables with one row, which no other loop writes to. The times of others are only set right so. */
  async #lookOnce(inner: Database, tables: readonly Table[], clock: Clock): Promise<void> {
    const [table] = tables;
    if (!table || this.#isStale || this.#kept.get(table)?.isOneRow !== true) return;
    const rows = await inner.query<Row>(lookAt([table], true));
    const change = { messages: [], entries: [], letters: [], received: [], rows: this.#changedRows(rows) };
    const { flow } = this.#kept.get(table)!;
    this.broken.push(...(this.#rules[flow]!.kept?.(change, clock.now()) ?? []));
    this.#keep(rows);
  }

  /** Whether messages wait or are under way that their flows may send; null: nothing has been seen since a worker started. */
  get waits(): boolean | null {
    if (this.#isStale) return null;
    return [...this.#open.values()].some(({ flow }) => (this.#pauses.get(flow) ?? null) === null);
  }

  /**
   * What a lone worker has to send at a moment: how many messages are due, and when the first of those that wait is. Null: it is
   * unknown, or something keeps it from sending.
   */
  due(now: number): Due | null {
    if (this.#isStale || [...this.#sending.values()].some((way) => !way.isFree(now))) return null;
    const waiting = [...this.#open.values()].filter(
      ({ flow, head, state }) => (head || state === 'sending') && (this.#pauses.get(flow) ?? null) === null,
    );
    const timeOf = ({ state, lease_until: lease, next_attempt_at: next }: Message): number =>
      Date.parse(state === 'sending' ? lease! : next);
    const isUnderWay = new Set(
      waiting.filter(({ state }) => state === 'sending').map((message) => aloneIn(this.#rules[message.flow]!, message)),
    );
    // what a batch is under way about can be sent when that ends
    const times = waiting
      .filter((message) => {
        const alone = aloneIn(this.#rules[message.flow]!, message);
        return message.state === 'sending' || alone === null || !isUnderWay.has(alone);
      })
      .map(timeOf);
    return {
      count: waiting.filter((message) => message.state === 'sending' || timeOf(message) <= now).length,
      first: times.length === 0 ? null : Math.min(...times),
    };
  }

  /** The rows may be others now: somebody beside the workers has written. */
  forget(): void {
    this.#isStale = true;
  }

  get #tables(): Table[] {
    return [...TABLES, ...this.#kept.keys()];
  }

  #touchedBy(text: string): Touched {
    const known = this.#touched.get(text);
    if (known) return known;
    const writes = [...text.matchAll(WRITES)].filter(([, , table]) => this.#tables.includes(table!));
    const touched = {
      tables: writes.map(([, , table]) => table as Table),
      deletes: writes.some(([, verb]) => verb !== undefined),
      returns: writes.length === 1 && /\bRETURNING\b/.test(text),
    };
    this.#touched.set(text, touched);
    return touched;
  }

  async #ask<R>(tx: Queryable, seen: Seen, text: string, parameters?: readonly SqlParameter[]): Promise<R[]> {
    const { tables, deletes, returns } = this.#touchedBy(text);
    if (tables.length > 0 && this.#isStale) await this.#readAll(tx);
    const rows = await tx.query<R>(text, parameters);
    if (returns && rows.length === 0) {
      if (deletes) for (const table of tables) seen.whole.add(table);
      return rows;
    }
    for (const table of tables) (deletes ? seen.deleting : seen.tables).add(table);
    return rows;
  }

  /** Reads what is there, whoever wrote it: nothing of it is judged. */
  async #readAll(tx: Queryable): Promise<void> {
    this.#isStale = false;
    this.#messages.clear();
    this.#lines.clear();
    this.#open.clear();
    this.#letters.clear();
    this.#entriesOf.clear();
    this.#audited.clear();
    this.#inbox.clear();
    for (const { rows } of this.#kept.values()) rows.clear();
    this.#keep(await tx.query<Row>(lookAt(this.#tables, true)));
  }

  #keep(all: readonly Row[]): void {
    const rows = all.filter((row) => this.#knows(row));
    for (const message of rowsOf<Message>(rows, 'message')) this.#keepMessage(message);
    for (const letter of rowsOf<Letter>(rows, 'dead_letter')) this.#letters.set(letter.message_seq, letter);
    for (const entry of rowsOf<Entry>(rows, 'audit').toSorted((a, b) => a.seq - b.seq)) {
      this.#audited.set(entry.seq, entry.at);
      if (entry.message_id !== null)
        this.#entriesOf.set(entry.message_id, [...(this.#entriesOf.get(entry.message_id) ?? []), entry]);
    }
    for (const received of rowsOf<Received>(rows, 'inbox')) this.#inbox.set(nameOf(received), received.received_at);
    for (const { flow, pause } of rowsOf<{ flow: string; pause: string | null }>(rows, 'flow_state'))
      this.#pauses.set(flow, pause);
    for (const { table, row } of rows) {
      const kept = this.#kept.get(table);
      kept?.rows.set(kept.nameOf(row as KeptRow), row);
    }
  }

  /** Whether it is of a flow that plays here. */
  #knows(row: Row): boolean {
    return this.#kept.has(row.table) || Object.hasOwn(this.#rules, ownerOf(row));
  }

  #keepMessage(message: Message): void {
    this.#messages.set(message.seq, message);
    if (message.state === 'queued' || message.state === 'sending') this.#open.set(message.seq, message);
    else this.#open.delete(message.seq);
    const line = this.#lines.get(lineOf(message)) ?? new Set();
    this.#lines.set(lineOf(message), line.add(message.seq));
  }

  /** A commit. `now`: by the clock of who made it; null: it has moved meanwhile. */
  #committed({ rows, left, deleting, whole }: Written, now: number | null, sending: Map<string, Sending>): void {
    if (now === null) for (const way of sending.values()) way.loseSight();
    else this.#judge(rows, now, sending);
    this.#keep(rows);
    if (deleting.size + whole.size > 0) this.#retained({ left, deleting, whole }, now);
  }

  /** What became of rows of tables that only one flow has. */
  #changedRows(rows: readonly Row[]): Map<Table, Changed<unknown>[]> {
    const changed = new Map<Table, Changed<unknown>[]>();
    for (const { table, row } of rows) {
      const kept = this.#kept.get(table);
      // of two workers the one may write between the other's statement and the look after it, by another clock
      if (!kept || (kept.isOneRow && this.#clocks.size > 1)) continue;
      const was = kept.rows.get(kept.nameOf(row as KeptRow)) ?? null;
      changed.set(table, [...(changed.get(table) ?? []), { was, is: row }]);
    }
    return changed;
  }

  #judge(written: readonly Row[], now: number, sending: Map<string, Sending>): void {
    const rows = written.filter((row) => this.#knows(row));
    for (const { table, row } of written.filter((each) => !rows.includes(each)))
      this.broken.push(`middle layer: a row of ${table} is of another flow: ${JSON.stringify(row)}`);
    const entries = rowsOf<Entry>(rows, 'audit').toSorted((a, b) => a.seq - b.seq);
    const changed = rowsOf<Message>(rows, 'message').map((is): Changed<Message> => ({
      was: this.#messages.get(is.seq) ?? null,
      is,
    }));
    const change = {
      messages: changed,
      entries,
      letters: rowsOf<Letter>(rows, 'dead_letter').map((is) => ({
        was: this.#letters.get(is.message_seq) ?? null,
        is,
      })),
      received: rowsOf<Received>(rows, 'inbox'),
      rows: this.#changedRows(rows),
    };
    for (const { seq } of entries)
      if (this.#audited.has(seq)) this.broken.push(`middle layer: entry ${seq} of the audit was changed`);
    const before: Before = {
      ...{ messages: this.#messages, lines: this.#lines, open: this.#open },
      ...{ entriesOf: this.#entriesOf, pauses: this.#pauses },
      rulesOf: (flow) => this.#rules[flow]!,
    };
    const judgement = new Judgement(change, before);
    this.broken.push(...judgement.broken);
    const [flowOf] = [...changed.map(({ is }) => is.flow), ...entries.map((entry) => entry.flow)];
    if (flowOf) this.broken.push(...(this.#rules[flowOf]!.follows?.(change, before) ?? []));
    for (const flow of new Set([...change.rows.keys()].map((table) => this.#kept.get(table)!.flow)))
      this.broken.push(...(this.#rules[flow]!.kept?.(change, now) ?? []));
    const { claimed } = judgement;
    for (const [lease, results] of settledOf(changed, entries))
      sending.get(`${results[0]!.flow} ${results[0]!.target}`)?.settle(lease, results, now);
    const first = claimed[0]?.is;
    if (!first) return;
    const { flow, target } = first;
    const way = sending.get(`${flow} ${target}`) ?? new Sending(target, this.#rules[flow]!);
    sending.set(`${flow} ${target}`, way);
    const waiting = [...judgement.waiting(first)].length;
    const isHeld = (lease: string): boolean => [...this.#open.values()].some((message) => message.lease === lease);
    const taken = { lease: first.lease!, count: claimed.length, waiting, now };
    this.broken.push(...way.take(taken, isHeld).map((what) => `middle layer: ${target} of ${flow} ${what}`));
  }

  /** Rows were deleted: those that are old enough, all of them, and no others. A dead letter goes with its message. */
  #retained({ left, deleting, whole }: Omit<Written, 'rows'>, now: number | null): void {
    const tables = new Set([...deleting, ...whole]);
    const stays = <K>(table: Table, known: Iterable<K>, found: () => K[]): Set<K> =>
      new Set(deleting.has(table) ? found() : known);
    const oldest = (ms: number): number | null => (now === null ? null : now - ms);
    if (tables.has('message')) {
      const found = (): number[] => rowsOf<Message>(left, 'message').map(({ seq }) => seq);
      const there = stays('message', this.#messages.keys(), found);
      const ends = [...this.#messages.values()].map((each) => [each.seq, endOf(each)] as const);
      for (const seq of this.#gone('messages', ends, there, oldest(retention.doneMs))) {
        this.#lines.get(lineOf(this.#messages.get(seq)!))?.delete(seq);
        this.#messages.delete(seq);
        this.#open.delete(seq);
      }
    }
    if (tables.has('audit')) {
      const found = (): number[] => rowsOf<Entry>(left, 'audit').map(({ seq }) => seq);
      const there = stays('audit', this.#audited.keys(), found);
      for (const seq of this.#gone('entries of the audit', [...this.#audited], there, oldest(retention.auditMs)))
        this.#audited.delete(seq);
    }
    if (tables.has('inbox')) {
      const found = (): string[] => rowsOf<Received>(left, 'inbox').map(nameOf);
      const there = stays('inbox', this.#inbox.keys(), found);
      for (const name of this.#gone('what was received', [...this.#inbox], there, oldest(retention.inboxMs)))
        this.#inbox.delete(name);
    }
    for (const table of tables) {
      const kept = this.#kept.get(table);
      if (!kept?.retention) continue;
      const { retention: ends, rows } = kept;
      const found = (): string[] =>
        left.filter((each) => each.table === table).map(({ row }) => kept.nameOf(row as KeptRow));
      const known = [...rows].map(([name, row]) => [name, ends.sinceOf(row as KeptRow)] as const);
      const there = stays(table, rows.keys(), found);
      for (const name of this.#gone(`rows of ${table}`, known, there, oldest(ends.ms))) rows.delete(name);
    }
  }

  /** Which rows are not there any more. `oldest`: what was of use after that must stay, and nothing else; null: unknown. */
  #gone<K>(
    what: string,
    known: readonly (readonly [K, string | null])[],
    there: ReadonlySet<K>,
    oldest: number | null,
  ): K[] {
    const gone = known.filter(([of]) => !there.has(of));
    if (oldest === null) return gone.map(([of]) => of);
    for (const [, end] of gone)
      if (end === null || Date.parse(end) >= oldest) this.broken.push(`middle layer: ${what} of ${end} are deleted`);
    for (const [, end] of known.filter(([of]) => there.has(of)))
      if (end !== null && Date.parse(end) < oldest) this.broken.push(`middle layer: ${what} of ${end} are left`);
    return gone.map(([of]) => of);
  }
}

/** What there is to send: see `MessageWatch.due`. */
export interface Due {
  count: number;
  /** In epoch milliseconds; null: nothing waits. */
  first: number | null;
}

/** What a commit has written, and all that is left of the tables from which it deleted. */
interface Written {
  rows: readonly Row[];
  left: readonly Row[];
  deleting: ReadonlySet<Table>;
  /** Tables from which nothing had to be deleted. */
  whole: ReadonlySet<Table>;
}

/** Tables that a transaction has written to. */
class Seen {
  readonly tables = new Set<Table>();
  /** Those from which it has deleted. */
  readonly deleting = new Set<Table>();
  /** Those from which it would have, had there been anything to delete. */
  readonly whole = new Set<Table>();
}
