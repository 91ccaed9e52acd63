/** A field value on the wire: text, number, boolean, or null. Dates are `YYYY-MM-DD`, datetimes ISO 8601 in UTC with whole seconds (`2026-11-21T07:30:00Z`). */
export type Scalar = string | number | boolean | null;
/** Salesforce field API name to value. */
export type Values = Record<string, Scalar>;
export type Owner = 'Salesforce' | 'External';
