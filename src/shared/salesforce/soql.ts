/** A text as a SOQL literal. */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** A SOQL literal for LIKE that finds a text anywhere in a field. */
export const anywhere = (text: string): string => `'%${text.replace(/[%_\\']/g, '\\$&')}%'`;

/** A condition that holds for rows whose text field has one of these values. */
export const isOneOf = (field: string, values: string[]): string => `${field} IN (${values.map(quoted).join(',')})`;

/** Epoch milliseconds of a datetime as Salesforce answers it (`2026-11-21T07:30:00.000+0000`); null when it is none. */
export const timeOf = (value: unknown): number | null => {
  if (typeof value !== 'string') return null;
  // ECMAScript's dates want a colon in the offset
  const time = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? null : time;
};

/** An ISO 8601 time in whole seconds: what Apex REST takes as a Datetime, and SOQL as a literal. */
export const seconds = (iso: string): string => `${iso.slice(0, 19)}Z`;
