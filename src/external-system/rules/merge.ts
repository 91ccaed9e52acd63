import type { Conflict, Owner, Scalar, Values } from '../../shared/case-messages.ts';

export interface MergeInput {
  /** What Salesforce asks for, normalised. */
  requested: Values;
  /** Salesforce's state before its change, normalised, as far as the registry knows it. */
  prior: Values;
  /** The registry's values now. */
  current: Values;
  /** The registry's values when Salesforce was in that prior state. */
  base: Values;
  owners: Record<string, Owner>;
}

/** The field's own value: a field may be called as a property that every object inherits, such as `constructor`. */
const own = <T>(object: Record<string, T>, field: string): T | null =>
  Object.hasOwn(object, field) ? (object[field] ?? null) : null;

/** Whether two values are one; a missing value is null. */
export const isSame = (a: Scalar | undefined, b: Scalar | undefined): boolean => (a ?? null) === (b ?? null);

/**
 * Three-way merge by field. Changed on one side only: that side wins. Changed on both to different
 * values: the field's owner wins and the loss is reported. A field without an owner is the registry's.
 */
export const merge = ({
  requested,
  prior,
  current,
  base,
  owners,
}: MergeInput): { values: Values; conflicts: Conflict[] } => {
  const values: Values = { ...current };
  const conflicts: Conflict[] = [];
  for (const [field, wanted] of Object.entries(requested)) {
    const here = own(current, field);
    if (isSame(wanted, here) || isSame(wanted, own(prior, field))) continue;
    if (isSame(here, own(base, field))) {
      values[field] = wanted;
      continue;
    }
    const owner = own(owners, field) ?? 'External';
    const kept = owner === 'Salesforce' ? wanted : here;
    const lost = owner === 'Salesforce' ? here : wanted;
    values[field] = kept;
    conflicts.push({ field, owner, kept, lost });
  }
  return { values, conflicts };
};
