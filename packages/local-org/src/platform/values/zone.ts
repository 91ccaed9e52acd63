/** A time zone: what the wall clock shows at a moment, and which moment a wall clock means. */
import { utc } from './date.ts';

/** GMT, or an offset such as `GMT+05:30`; everything else is an IANA name. */
const FIXED = /^(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$/i;

const fixedOffset = (id: string): number | null => {
  const match = FIXED.exec(id);
  if (!match) return null;
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
};

export class Zone {
  readonly id: string;
  readonly #fixed: number | null;
  readonly #format: Intl.DateTimeFormat | null;

  /** Unknown names are GMT, as in the platform. */
  constructor(id: string) {
    this.id = id;
    this.#fixed = fixedOffset(id);
    this.#format = this.#fixed === null ? formatterOf(id) : null;
    if (this.#format === null && this.#fixed === null) this.#fixed = 0;
  }

  /** Milliseconds to add to UTC at this moment. */
  offsetAt(ms: number): number {
    if (this.#format === null) return this.#fixed ?? 0;
    const parts: Record<string, number> = {};
    for (const part of this.#format.formatToParts(ms)) {
      if (part.type !== 'literal') parts[part.type] = Number(part.value);
    }
    const wall = utc(parts['year']!, parts['month']!, parts['day']!, parts['hour'], parts['minute'], parts['second']);
    return wall - Math.floor(ms / 1000) * 1000;
  }

  /** The moment at which the wall clock shows `wall` (given as if it were UTC); times skipped by summer time move forward. */
  toUtc(wall: number): number {
    const first = wall - this.offsetAt(wall);
    const second = wall - this.offsetAt(first);
    return second + this.offsetAt(second) === wall ? second : Math.max(first, second);
  }

  /** `(GMT-05:00) Eastern Standard Time (America/New_York)`: the name and offset outside of summer time. */
  displayName(): string {
    const january = utc(2000, 1, 1);
    const july = utc(2000, 7, 1);
    const winter = this.offsetAt(january) <= this.offsetAt(july) ? january : july;
    const minutes = this.offsetAt(winter) / 60_000;
    const clock = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
      .map((n) => String(n).padStart(2, '0'))
      .join(':');
    return `(GMT${minutes < 0 ? '-' : '+'}${clock}) ${this.nameAt(winter, 'long')} (${this.id})`;
  }

  /** The name of the zone at this moment in English: `Eastern Standard Time`, `EST`. */
  nameAt(ms: number, style: 'short' | 'long'): string {
    if (this.#format === null) return style === 'short' ? 'GMT' : 'Greenwich Mean Time';
    const format = new Intl.DateTimeFormat('en-US', { timeZone: this.id, timeZoneName: style });
    return format.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? this.id;
  }
}

const formatterOf = (id: string): Intl.DateTimeFormat | null => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: id,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
};
