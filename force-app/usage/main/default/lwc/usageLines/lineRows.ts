import LOCALE from '@salesforce/i18n/locale';
import { fill } from 'c/fillLabel';
import { LABELS } from './labels';
import type { Line, WaitingBooking } from './usage';

/** A line as it is shown. */
export interface LineRow {
  id: string;
  name: string;
  productNumber: string | null;
  /** `5 sold, 1 consumed, 4 available`: what the person may see of it. */
  units: string;
  isOverBooked: boolean;
  bar: Bar | null;
}

/** How much of a line is consumed, drawn and in words. */
export interface Bar {
  /** Of the bar: from 0 to 100. */
  percent: number;
  style: string;
  text: string;
}

/** A booking that waits for a decision, as it is shown. */
export interface WaitingRow {
  id: string;
  reason: string | null;
  booking: string;
  message: string | null;
  /** Epoch milliseconds. */
  bookedAt: number | null;
}

const MAX_FRACTION_DIGITS = 3;
const format = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: MAX_FRACTION_DIGITS });

/** In the digits of the person. The text goes in as it is: a float would round large units. */
export function shown(units: string): string {
  return format.format(units as Intl.StringNumericLiteral);
}

export function lineRow({ recordId, name, productNumber, sold, consumed, available, isOverBooked }: Line): LineRow {
  const parts: [label: string, units: string | null][] = [
    [LABELS.sold, sold],
    [LABELS.consumed, consumed],
    [LABELS.available, available],
  ];
  const units = parts.flatMap(([label, value]) => (value === null ? [] : [fill(label, shown(value))]));
  return { id: recordId, name, productNumber, units: units.join(', '), isOverBooked, bar: barOf(sold, consumed) };
}

function barOf(sold: string | null, consumed: string | null): Bar | null {
  if (sold === null || consumed === null) return null;
  const share = Number(sold) > 0 ? (100 * Number(consumed)) / Number(sold) : 0;
  const percent = Math.round(Math.min(Math.max(share, 0), 100));
  return { percent, style: `width: ${percent}%`, text: fill(LABELS.bar, shown(consumed), shown(sold)) };
}

export function waitingRow({ recordId, reason, message, productNumber, units, bookedAt }: WaitingBooking): WaitingRow {
  const booking =
    units === null ? (productNumber ?? '') : fill(LABELS.booking, shown(units), productNumber ?? '').trim();
  return { id: recordId, reason, booking, message, bookedAt: bookedAt === null ? null : Date.parse(bookedAt) };
}
