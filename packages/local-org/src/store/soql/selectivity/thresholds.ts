/**
 * How many rows a filter may find for its index to be used. Page: "Database Query & Search Optimization Cheat Sheet"
 * (Salesforce), Index Selectivity Conditions and Thresholds.
 */
import type { FieldSchema } from '../../types.ts';

export type IndexKind = 'standard' | 'custom';

const MILLION = 1_000_000;
const SHARES: Record<IndexKind, { first: number; beyond: number; most: number }> = {
  standard: { first: 0.3, beyond: 0.15, most: 1_000_000 },
  custom: { first: 0.1, beyond: 0.05, most: 333_333 },
};

/** Rows below which an index of the kind is used on an object of `rows`. */
export const threshold = (kind: IndexKind, rows: number): number => {
  const { first, beyond, most } = SHARES[kind];
  return Math.min(most, first * Math.min(rows, MILLION) + beyond * Math.max(0, rows - MILLION));
};

/** Names, owners, record types and times of creation and change. Page: "Indexes", Salesforce Help. */
const STANDARD = new Set(['ownerid', 'recordtypeid', 'createddate', 'lastmodifieddate', 'systemmodstamp']);

/** The index that Salesforce keeps on a field by itself, or null. */
export const indexOf = (field: FieldSchema): IndexKind | null => {
  if (field.custom)
    return field.unique || field.externalId || field.idLookup || field.type === 'reference' ? 'custom' : null;
  const isKey = field.type === 'id' || field.type === 'reference' || field.nameField || field.idLookup;
  return isKey || STANDARD.has(field.name.toLowerCase()) ? 'standard' : null;
};
