/** Datetime: a moment, in epoch milliseconds. */
import { ApexDate, MS_PER_DAY } from './date.ts';

export class ApexDatetime {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** The day in UTC. */
  dateGmt(): ApexDate {
    return new ApexDate(Math.floor(this.ms / MS_PER_DAY));
  }

  /** `2026-11-21 07:30:00`, in UTC: what debug logs and string concatenation show. */
  toString(): string {
    return `${this.dateGmt().toString()} ${new Date(this.ms).toISOString().slice(-13, -5)}`;
  }

  /** `2026-11-21T07:30:00.000Z`: the JSON form. */
  toIso(): string {
    return new Date(this.ms).toISOString();
  }
}
