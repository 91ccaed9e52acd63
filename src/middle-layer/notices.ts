/**
 * What happened that is over, or goes on by itself, and that people should hear of when they look: `/ready` shows it for a
 * day, beside what is wrong now. Kept by the process; each is logged when it begins.
 */
/** Where a notice is logged: the log of the middle layer. */
type Warn = (level: 'warn', event: string, detail: Record<string, unknown>) => void;

/** What happened, to which records, and what to do. */
export interface Notice {
  what: string;
  /** How many records it concerns; null: it is about none. */
  records: number | null;
  /** Keys of the first few. */
  first: string[];
  /** When it was last noticed, in ISO 8601. */
  at: string;
  /** The command that mends it, or what happens by itself. */
  remedy: string;
}

const SHOWN_FOR_MS = 24 * 60 * 60_000;
const FIRST = 5;
/** Keys that are told apart; beyond that a repeat counts again. */
const MAX_KEYS = 10_000;

interface Kept {
  what: string;
  remedy: string;
  keys: Set<string>;
  count: number;
  at: number;
}

export class Notices {
  readonly #kept = new Map<string, Kept>();
  readonly #log: Warn;

  constructor(log: Warn) {
    this.#log = log;
  }

  /** Notes that something happened to records. `event` names it in the log, which hears of it once in a day and what is new. */
  note(event: string, notice: { what: string; remedy: string; keys?: readonly string[]; at: number }): void {
    const { what, remedy, keys = [], at } = notice;
    const known = this.#kept.get(event);
    const kept =
      known && at - known.at < SHOWN_FOR_MS ? known : { what, remedy, keys: new Set<string>(), count: 0, at };
    for (const key of keys) {
      if (kept.keys.has(key)) continue;
      kept.count += 1;
      if (kept.keys.size < MAX_KEYS) kept.keys.add(key);
    }
    if (kept !== known) this.#log('warn', event, { what, records: keys.length, first: keys.slice(0, FIRST), remedy });
    this.#kept.set(event, { ...kept, what, remedy, at });
  }

  /** What was noticed within the last day. */
  shown(now: number): Notice[] {
    return [...this.#kept.values()]
      .filter(({ at }) => now - at < SHOWN_FOR_MS)
      .map(({ what, remedy, keys, count, at }) => ({
        what,
        records: count === 0 ? null : count,
        first: [...keys].slice(0, FIRST),
        at: new Date(at).toISOString(),
        remedy,
      }));
  }
}

/** A notice as one line. */
export const noticeLine = ({
  what,
  records,
  first,
  remedy,
}: Pick<Notice, 'what' | 'records' | 'first' | 'remedy'>): string => {
  const more = records !== null && records > first.length ? `, and ${records - first.length} more` : '';
  const which = records === null ? '' : ` (${records} records: ${first.join(', ')}${more})`;
  return `${what}${which}: ${remedy}`;
};
