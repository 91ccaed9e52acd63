/** How conditions of flows compare. Salesforce Help, "Flow Operators in Decision, Wait, and Collection Filter Elements". */

/** What a resource holds: nothing, a value, a record or several of them. */
export type Held = unknown;

/** `was` is the left side's value before the save. */
type Operator = (left: Held, right: Held, was: () => Held) => boolean;

const isEmpty = (value: Held): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
/** A value as text; nothing and lists are empty. */
export const textOf = (value: Held): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
const equal = (a: Held, b: Held): boolean => (isEmpty(a) ? isEmpty(b) : a === b);
const listOf = (value: Held): Held[] => (Array.isArray(value) ? (value as Held[]) : [value]);

const ordered =
  (holds: (order: number) => boolean): Operator =>
  (a, b) =>
    !isEmpty(a) && !isEmpty(b) && holds((a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0);

export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['EqualTo', equal],
  ['NotEqualTo', (a, b) => !equal(a, b)],
  ['GreaterThan', ordered((order) => order > 0)],
  ['GreaterThanOrEqualTo', ordered((order) => order >= 0)],
  ['LessThan', ordered((order) => order < 0)],
  ['LessThanOrEqualTo', ordered((order) => order <= 0)],
  ['Contains', (a, b) => (Array.isArray(a) ? listOf(a).includes(b) : textOf(a).includes(textOf(b)))],
  ['StartsWith', (a, b) => textOf(a).startsWith(textOf(b))],
  ['EndsWith', (a, b) => textOf(a).endsWith(textOf(b))],
  ['In', (a, b) => listOf(b).some((each) => equal(a, each))],
  ['NotIn', (a, b) => !listOf(b).some((each) => equal(a, each))],
  ['IsNull', (a, b) => isEmpty(a) === (b === true)],
  ['IsBlank', (a, b) => (textOf(a).trim() === '') === (b === true)],
  ['IsEmpty', (a, b) => isEmpty(a) === (b === true)],
  ['IsChanged', (a, b, was) => !equal(a, was()) === (b === true)],
]);
