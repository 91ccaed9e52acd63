import type { Clock } from 'kernel/clock.ts';
import { DEFAULT_SETTINGS } from '../../../external-system/settings.ts';
import type { Database, Queryable, SqlParameter } from '../../../shared/sql/types.ts';
import { hasJustBeen, time, WAITS_MS } from './moments.ts';

/** A row of `outbox` as the database writes it in JSON. */
export interface Outgoing {
  id: number;
  message_id: string;
  key: string;
  kind: string;
  payload: Record<string, unknown>;
  state: 'queued' | 'sent' | 'superseded' | 'rejected';
  attempts: number;
  next_at: string;
  created_at: string;
  sent_at: string | null;
  error: string | null;
}

const { backoffMs, maxBackoffMs, outboxBatch } = DEFAULT_SETTINGS;

const TOUCHES = /\b(?:INSERT INTO|UPDATE) outbox\b/;
const WRITTEN =
  'SELECT to_jsonb(o) AS row FROM outbox o WHERE xmin = pg_current_xact_id_if_assigned()::xid ORDER BY id';
const ALL = 'SELECT to_jsonb(o) AS row FROM outbox o ORDER BY id';

/** One that waits for its next attempt; one that is put off for longer than anything was put off by a clock that was ahead. */
const waits = ({ state, next_at: next }: Outgoing, now: number): boolean =>
  state === 'queued' && time(next) > now && time(next) <= now + maxBackoffMs;

/** What the registry may hand over at a moment: what is due, in the order in which it was queued, behind nothing of its key that waits. */
export const dueOf = (rows: readonly Outgoing[], now: number): Outgoing[] =>
  rows
    .filter((row) => row.state === 'queued' && !waits(row, now))
    .filter((row) => !rows.some((other) => other.key === row.key && other.id < row.id && waits(other, now)))
    .toSorted((a, b) => a.id - b.id)
    .slice(0, outboxBatch);

/** What became wrongly of one row in a commit, a line each.  */
const changeOf = (was: Outgoing | null, is: Outgoing, now: number, all: All): string[] => {
  const isNow = (text: string | null): boolean => text !== null && hasJustBeen(time(text), now);
  const newer = (state: string): boolean =>
    [...all.after.values()].some(
      (other) => other.key === is.key && other.kind === is.kind && other.id > is.id && other.state === state,
    );
  if (!was)
    return is.state === 'queued' && is.attempts === 0 && is.next_at === is.created_at && isNow(is.created_at)
      ? []
      : ['is queued otherwise than due at once'];
  const isSame = was.message_id === is.message_id && JSON.stringify(was.payload) === JSON.stringify(is.payload);
  const problems = isSame ? [] : ['is another one now'];
  const isDue = all.due.has(is.id);
  switch (`${was.state} ${is.state}`) {
    case 'queued sent':
      if (!isNow(is.sent_at)) problems.push(`is sent at ${is.sent_at}`);
      return [...problems, ...(isDue ? [] : ['is sent before its turn'])];
    case 'queued queued': {
      const most = Math.max(1, Math.min(maxBackoffMs, backoffMs * 2 ** was.attempts));
      if (is.attempts !== was.attempts + 1 || time(is.next_at) - most > now || time(is.next_at) <= now - WAITS_MS)
        problems.push(`waits until ${is.next_at} at attempt ${is.attempts}`);
      return [...problems, ...(isDue ? [] : ['is put off before its turn'])];
    }
    case 'queued superseded':
      return is.kind === 'record' && newer('queued') ? problems : [...problems, 'gives way to nothing newer'];
    case 'queued rejected':
      return is.error ? problems : [...problems, 'is rejected without a reason'];
    case 'rejected superseded':
      return newer('sent') && isNow(is.created_at) ? problems : [...problems, 'is closed by nothing newer'];
    default:
      return [...problems, `was ${was.state} and is ${is.state}`];
  }
};

/** What is known when a row is judged. */
interface All {
  after: ReadonlyMap<number, Outgoing>;
  /** Numbers of those that were due. */
  due: ReadonlySet<number>;
}

/**
 * What is wrong with one commit of the registry's outbox, a line each. `now`: when it happened, in epoch milliseconds.
 * `handed`: numbers of what was due when the pass began that hands it over: it ends with several commits.
 */
export const outboxWrongly = (
  before: ReadonlyMap<number, Outgoing>,
  written: readonly Outgoing[],
  now: number,
  handed: readonly number[] = [],
): string[] => {
  const after = new Map([...before, ...written.map((row) => [row.id, row] as const)]);
  const due = new Set([...handed, ...dueOf([...before.values()], now).map(({ id }) => id)]);
  return written.flatMap((is) =>
    changeOf(before.get(is.id) ?? null, is, now, { after, due }).map(
      (what) => `registry: the ${is.kind} of ${is.key} in its outbox ${what}, at ${new Date(now).toISOString()}`,
    ),
  );
};

/**
 * Watches what the registry makes of its outbox: each commit, and each pass that hands messages over, against the order and the
 * pauses that its settings promise. On the embedded database alone: on a server others commit meanwhile.
 */
export class OutboxWatch {
  readonly broken: string[] = [];
  #rows = new Map<number, Outgoing>();
  /** Whether the rows may be others than those that were seen last: a backup was put back, and the process started again. */
  #isStale = true;
  /** Of the pass that is under way. */
  #handed: readonly number[] = [];

  over(inner: Database, clock: Clock): Database {
    this.#isStale = true;
    const alone = async <T>(work: (tx: Queryable) => Promise<T>, options?: object): Promise<T> => {
      const began = clock.now();
      const { done, written } = await inner.transaction(async (tx) => {
        let isTouched = false;
        const result = await work({
          query: async <R>(text: string, parameters?: readonly SqlParameter[]): Promise<R[]> => {
            if (TOUCHES.test(text)) {
              if (this.#isStale) await this.#readAll(tx);
              isTouched = true;
            }
            return tx.query<R>(text, parameters);
          },
        });
        return { done: result, written: isTouched ? await tx.query<{ row: Outgoing }>(WRITTEN) : [] };
      }, options);
      this.#committed(
        written.map(({ row }) => row),
        clock.now() === began ? began : null,
      );
      return done;
    };
    return {
      ...inner,
      query: <R>(text: string, parameters?: readonly SqlParameter[]) =>
        TOUCHES.test(text) ? alone((tx) => tx.query<R>(text, parameters)) : inner.query<R>(text, parameters),
      transaction: alone,
    };
  }

  /** The rows may be others now: a backup was put back. */
  forget(): void {
    this.#isStale = true;
  }

  /** A pass that hands over what is due: all of it has ended after that, or waits for its next attempt. */
  async publishing(pass: () => Promise<number>, now: () => number): Promise<number> {
    const began = now();
    const due = this.#isStale ? [] : dueOf([...this.#rows.values()], began);
    this.#handed = due.map(({ id }) => id);
    const handed = await pass().finally(() => (this.#handed = []));
    if (handed === 0 || now() !== began || this.#isStale) return handed;
    for (const row of due)
      if (this.#rows.get(row.id) === row)
        this.broken.push(`registry: the ${row.kind} of ${row.key} in its outbox was due, and nothing became of it`);
    return handed;
  }

  async #readAll(tx: Queryable): Promise<void> {
    this.#isStale = false;
    this.#rows = new Map((await tx.query<{ row: Outgoing }>(ALL)).map(({ row }) => [row.id, row]));
  }

  /** `now`: null where the clock has moved meanwhile, and times tell nothing. */
  #committed(written: readonly Outgoing[], now: number | null): void {
    if (now !== null) this.broken.push(...outboxWrongly(this.#rows, written, now, this.#handed));
    for (const row of written) this.#rows.set(row.id, row);
  }
}
