/** When feeds are due: cron expressions, in UTC or in a zone that the configuration names. */
import { Cron } from 'croner';

/** `0 5 * * ? *`, as Amazon EventBridge writes it: with `?` for a day that is not given, and a year. */
const OF_EVENTBRIDGE = /^(\S+ \S+) (\S+) (\S+) (\S+) \*$/;

/** Five fields of an expression. Throws Error for six of another kind: their days of the week are counted otherwise. */
const fiveFields = (expression: string): string => {
  const text = expression.trim().replace(/\s+/g, ' ');
  const [, time, day, month, weekday] = OF_EVENTBRIDGE.exec(text) ?? [];
  if (time === undefined || (day !== '?' && weekday !== '?')) return text;
  if (/\d/.test(weekday!)) throw new Error(`name the days of the week in ${JSON.stringify(text)}: MON, not 2`);
  return [time, day, month, weekday].join(' ').replaceAll('?', '*');
};

/** Moments at which a feed is due, in epoch milliseconds. */
export class Schedule {
  readonly #cron: Cron;

  /** Throws Error in words when the expression or the zone is none. */
  constructor(expression: string, timeZone: string) {
    this.#cron = new Cron(fiveFields(expression), { mode: '5-part', timezone: timeZone, paused: true });
  }

  /** The last one that is not after `now`; null: there was none. */
  last(now: number): number | null {
    // the runs before the next second: what is due in this one is due
    const nextSecond = new Date(Math.floor(now / 1_000) * 1_000 + 1_000);
    return this.#cron.previousRuns(1, nextSecond)[0]?.getTime() ?? null;
  }

  /** The first one after `now`; null: there is none. */
  next(now: number): number | null {
    return this.#cron.nextRun(new Date(now))?.getTime() ?? null;
  }
}
