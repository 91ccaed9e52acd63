import { LightningElement, api } from 'lwc';

const UNITS: [Intl.RelativeTimeFormatUnit, milliseconds: number][] = [
  ['day', 24 * 3_600_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** How long ago a time was, or how far off it is, in the largest unit that fits. */
export default class RelativeDateTime extends LightningElement {
  @api value: number | Date = 0;

  get text(): string {
    // What the real one does with the text of a time, although its neighbour lightning-formatted-date-time takes it.
    if (typeof this.value === 'string') throw new TypeError('The value must be a timestamp or a Date, not a text');
    const difference = new Date(this.value).getTime() - Date.now();
    const [unit, size] = UNITS.find(([, milliseconds]) => Math.abs(difference) >= milliseconds) ?? ['second', 1000];
    return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(Math.trunc(difference / size), unit);
  }
}
