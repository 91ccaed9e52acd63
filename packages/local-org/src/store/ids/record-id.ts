/** Record ids: 15 case-sensitive base62 characters, and the 18-character form that survives case folding. */

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const ID = /^(?:[0-9A-Za-z]{15}|[0-9A-Za-z]{18})$/;

/** Digits of the counter behind the three characters of the key prefix. */
const COUNTER_DIGITS = 12;

/** The three check characters: one bit for each upper-case letter, in groups of five. */
function checksum(id15: string): string {
  let suffix = '';
  for (let group = 0; group < 3; group++) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const code = id15.charCodeAt(group * 5 + i);
      if (code >= 65 && code <= 90) bits |= 1 << i;
    }
    suffix += CHECK[bits];
  }
  return suffix;
}

/** The 18-character form of a 15-character id. */
export const to18 = (id15: string): string => id15 + checksum(id15);

/** The id with number `counter` among those of `keyPrefix`, in 18 characters. */
export function recordId(keyPrefix: string, counter: number): string {
  let digits = '';
  for (let rest = counter; rest > 0; rest = Math.floor(rest / 62)) digits = BASE62[rest % 62] + digits;
  return to18(keyPrefix + digits.padStart(COUNTER_DIGITS, '0'));
}

/** The 18-character form, or null when `id` is not shaped like an id. A wrong checksum is not an id; a folded one is repaired. */
export function normalizeId(id: string): string | null {
  if (!ID.test(id)) return null;
  if (id.length === 15) return to18(id);
  const exact = to18(id.slice(0, 15));
  return exact === id ? id : repairCase(id);
}

/** An 18-character id keeps its identity when its case got lost: the check characters tell which letters are upper-case. */
function repairCase(id: string): string | null {
  let repaired = '';
  for (let i = 0; i < 15; i++) {
    const bits = CHECK.indexOf(id[15 + Math.floor(i / 5)]!.toUpperCase());
    if (bits < 0) return null;
    const character = id[i]!;
    repaired += bits & (1 << (i % 5)) ? character.toUpperCase() : character.toLowerCase();
  }
  const whole = to18(repaired);
  return whole.toLowerCase() === id.toLowerCase() ? whole : null;
}

/** Base62 digits for the variable part of a custom key prefix: 0 is `00`, 62 is `10`. */
export function base62(value: number, digits: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = BASE62[rest % 62] + text;
  return text.padStart(digits, '0');
}
