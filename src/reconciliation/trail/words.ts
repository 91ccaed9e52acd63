/** How causes speak of times, codes and the two sides. */

const NAMES = { salesforce: 'Salesforce', external: 'the external system' } as const;

export const nameOf = (target: keyof typeof NAMES): string => NAMES[target];

/** `2026-11-21 10:50:34 UTC`: people of several zones read it. */
export const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A code is a name. Whatever else stands in its place is not repeated: it may be a value. */
export const codeName = (code: string | null): string =>
  code !== null && /^[A-Za-z][\w.:-]{0,79}$/.test(code) ? code : 'an unnamed code';

export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
