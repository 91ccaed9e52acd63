/** What a text may hold where it crosses a boundary: each part keeps texts in PostgreSQL and sends them as UTF-8. */

/** Salesforce's largest Long Text Area. */
export const MAX_VALUE_LENGTH = 131_072;
/** `Sync_Error_Code__c` is Text(80). */
const MAX_CODE_LENGTH = 80;
/** Enough to say what went wrong; Salesforce itself shows the first 255 characters. */
const MAX_DIAGNOSTIC_LENGTH = 1_000;

const REPLACEMENT = '\ufffd';
const HALF_PAIR = /\p{Surrogate}/u;
const CONTROL = /\p{Control}/u;

const named = (text: string, at: number): string =>
  `(U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}) at position ${at + 1}`;

/**
 * Why a value cannot be stored, as words that follow its field's name, or null. Neither PostgreSQL nor UTF-8 holds half
 * of a surrogate pair, and PostgreSQL holds no NUL. Other control characters are values like any: people paste them.
 */
export const valueProblem = (text: string): string | null => {
  const nul = text.indexOf('\0');
  if (nul >= 0) return `has a NUL character ${named(text, nul)}; remove it`;
  if (!text.isWellFormed()) return `has half of a surrogate pair ${named(text, text.search(HALF_PAIR))}; remove it`;
  if (text.length > MAX_VALUE_LENGTH)
    return `has ${text.length} characters, at most ${MAX_VALUE_LENGTH} can be carried; shorten it`;
  return null;
};

/** The same of a key, an id or a code, which people do not write: it has no control characters at all. */
export const identifierProblem = (text: string, most: number): string | null => {
  if (text === '') return 'must be a text that is not empty';
  const control = text.search(CONTROL);
  if (control >= 0) return `has a control character ${named(text, control)}; remove it`;
  return text.length > most ? `must be a text of at most ${most} characters, not ${text.length}` : valueProblem(text);
};

/** At most `most` characters of a text. A pair at the end is left out whole. */
export const cutOff = (text: string, most: number): string =>
  text.slice(0, most < text.length && /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most);

/** The same, where an ellipsis says that there were more. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${cutOff(text, most - 1)}…`;

const storable = (text: string, most: number): string =>
  shortened(text.replaceAll('\0', REPLACEMENT).toWellFormed(), most);

/** An error text of another system, made fit to be kept and passed on: it is never worth a refusal of its own. */
export const storableDiagnostic = (text: string): string => storable(text, MAX_DIAGNOSTIC_LENGTH);

/** The same of an error code, which is never empty. */
export const storableCode = (code: string): string =>
  storable(code.replace(/\p{Control}/gu, REPLACEMENT), MAX_CODE_LENGTH).trim() || 'UNKNOWN';

/** What Windows-1252 shows for the bytes 0x80 to 0xBF, which only follow another byte in UTF-8; ISO 8859-1 has controls for the first half. */
const FOLLOWING =
  '[\\u0080-\\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]';

/** The first bytes of Latin letters and signs (two bytes), and of typographic ones (three, from U+2000 on). */
const MISREAD = new RegExp(`[\u00c2-\u00c5]${FOLLOWING}|\u00e2[\u20ac\u201a\u0192\u201e\u0080-\u0084]${FOLLOWING}`);

/** Whether a text looks like UTF-8 that was read as Windows-1252 or ISO 8859-1, such as `Ã±` for `ñ`. It may still be meant as it is. */
export const looksMisread = (text: string): boolean => MISREAD.test(text);
