/** An ISO 8601 time in whole seconds: what Apex REST takes as a Datetime, and SOQL as a literal. */
export const seconds = (iso: string): string => `${iso.slice(0, 19)}Z`;
