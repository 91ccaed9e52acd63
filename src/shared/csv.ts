/** Fields and lines of CSV (RFC 4180), as parts write them. */

/** A field, quoted where it has to be. */
export const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A field for people's eyes. One that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV Injection). */
export const harmlessCsvField = (text: string): string => csvField(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** A line of a file that people open. */
export const harmlessCsvLine = (fields: readonly string[]): string => `${fields.map(harmlessCsvField).join(',')}\r\n`;
