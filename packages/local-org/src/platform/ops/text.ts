/** Strings and Ids. */
import { normalizeId } from '../../store/ids/record-id.ts';
import type { Apex, NativeFunction } from '../types.ts';
import { apexException, checkLength, equalsText, made, spend, toApexString } from '../values/index.ts';

/** `<` on strings follows the language and regards no case (Apex Developer Guide, Expression Operators). */
const collator = new Intl.Collator('en-US', { sensitivity: 'accent' });

/** Longer texts cost CPU time to make. */
const LONG = 256;
const CHARACTERS_PER_STEP = 256;

const show = (value: Apex): string => (typeof value === 'string' ? value : toApexString(value));

const compared = (a: string, b: string): number => {
  const shorter = Math.min(a.length, b.length);
  if (shorter > LONG) spend(shorter);
  return collator.compare(a, b);
};

export const toId = (text: string | null): string | null => {
  if (text === null) return null;
  const id = normalizeId(text);
  if (id === null) throw apexException('StringException', `Invalid id: ${text}`);
  return id;
};

export const text = {
  concat: (a: Apex, b: Apex) => {
    const text = show(a) + show(b);
    made(text.length);
    if (text.length > LONG) {
      checkLength(text.length);
      spend(text.length / CHARACTERS_PER_STEP);
    }
    return text;
  },
  /** `==` on strings regards no case. */
  eqText: (a: string | null, b: string | null) => a === b || (a !== null && b !== null && equalsText(a, b)),
  /** One side is an Id: the other must be one too, of 15 or 18 characters. */
  eqId: (a: string | null, b: string | null) => a === b || (a !== null && b !== null && toId(a) === toId(b)),
  /** Negative, zero or positive; null comes first. */
  compareText: (a: string | null, b: string | null) =>
    a === null || b === null ? Number(a !== null) - Number(b !== null) : compared(a, b),
  toId,
} satisfies Record<string, NativeFunction>;
