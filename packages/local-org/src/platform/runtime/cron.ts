import { Cron } from 'croner';

/** A schedule that the platform refuses; the message is the platform's. */
export class CronError extends Error {
  override name = 'CronError';
}

const WHOLE_NUMBER = /^\d{1,2}$/;
/** Seconds, minutes, hours, day of month, month, day of week, and a year that may be left out. */
const FIELDS_MIN = 6;
const FIELDS_MAX = 7;

/**
 * When `expression` fires next after `after` (epoch milliseconds), or null when it never will. The
 * grammar is that of System.schedule (Quartz: 1 = Sunday, `?`, `L`, `W`, `#`), with whole numbers only for
 * seconds and minutes. Page: Apex Developer Guide, "Apex Scheduler".
 */
export const nextFireTime = (expression: string, after: number, timeZone: string): number | null =>
  parse(expression, timeZone).nextRun(new Date(after))?.getTime() ?? null;

const parse = (expression: string, timeZone: string): Cron => {
  const fields = expression.trim().split(/\s+/);
  if (fields.length < FIELDS_MIN) throw new CronError('Unexpected end of expression.');
  if (fields.length > FIELDS_MAX) throw new CronError(`Illegal cron expression format: ${expression}`);
  const [seconds, minutes, , dayOfMonth, , dayOfWeek] = fields as [string, string, string, string, string, string];
  if (!WHOLE_NUMBER.test(seconds) || !WHOLE_NUMBER.test(minutes)) {
    throw new CronError(`Seconds and minutes must be specified as integers: ${expression}`);
  }
  if (dayOfMonth === '?' && dayOfWeek === '?')
    throw new CronError("'?' can only be specfied for Day-of-Month -OR- Day-of-Week.");
  if (!isOpen(dayOfMonth) && !isOpen(dayOfWeek)) {
    throw new CronError('Support for specifying both a day-of-week AND a day-of-month parameter is not implemented.');
  }
  // Quartz reads a lone L as the last day of the week; the parser below wants its number.
  if (dayOfWeek.toUpperCase() === 'L') fields[5] = '7';
  if (/^0/.test(dayOfWeek)) throw new CronError('Day-of-Week values must be between 1 and 7');
  try {
    return new Cron(fields.join(' '), {
      paused: true,
      timezone: timeZone,
      alternativeWeekdays: true,
      sloppyRanges: true,
      mode: '6-or-7-parts',
    });
  } catch (error) {
    throw new CronError(`Illegal cron expression format: ${expression} (${(error as Error).message})`, {
      cause: error,
    });
  }
};

const isOpen = (field: string): boolean => field === '?' || field === '*';
