/** Strings and Ids. */
import { normalizeId } from '../../store/ids/record-id.ts';
import type { Apex, NativeFunction } from '../types.ts';
import { apexException, toApexString } from '../values/index.ts';

/** `<` on strings follows the language and regards no case (Apex Developer Guide, Expression Operators). */
const collator = new Intl.Collator('en-US', { sensitivity: 'accent' });

const show = (value: Apex): string => (typeof value === 'string' ? value : toApexString(value));

export const toId = (text: string | null): string | null => {
  if (text === null) return null;
  const id = normalizeId(text);
  if (id === null) throw apexException('StringException', `Invalid id: ${text}`);
  return id;
};

export const text = {
  concat: (a: Apex, b: Apex) => show(a) + show(b),
  /** `==` on strings regards no case. */
  eqText: (a: string | null, b: string | null) =>
    a === b || (a !== null && b !== null && a.length === b.length && a.toLowerCase() === b.toLowerCase()),
  /** One side is an Id: the other must be one too, of 15 or 18 characters. */
  eqId: (a: string | null, b: string | null) => a === b || (a !== null && b !== null && toId(a) === toId(b)),
  /** Negative, zero or positive; null comes first. */
  compareText: (a: string | null, b: string | null) =>
    a === null || b === null ? Number(a !== null) - Number(b !== null) : collator.compare(a, b),
  toId,
} satisfies Record<string, NativeFunction>;
