import type { FormulaValue } from '../formula/values.ts';
import type { Value } from '../types.ts';
import type { Criteria, Criterion } from './types.ts';

/** How criteria ask for the record that is saved. */
export interface CriteriaScope {
  /** Whether a formula is true for the record. */
  holds(formula: string): boolean;
  /** What formulas read under this name. */
  value(path: string): FormulaValue;
}

/** Whether the record meets the criteria. */
export function meets(criteria: Criteria, scope: CriteriaScope): boolean {
  switch (criteria.kind) {
    case 'always':
      return true;
    case 'formula':
      return scope.holds(criteria.formula);
    case 'items':
      return criteria.logic((index) => criterionHolds(criteria.items[index]!, scope));
  }
}

function criterionHolds(criterion: Criterion, scope: CriteriaScope): boolean {
  const actual = plainOf(criterion, scope.value(criterion.path));
  const { operation, values } = criterion;
  switch (operation) {
    case 'notEqual':
      return !values.some((value) => same(actual, value));
    case 'notContain':
      return !values.some((value) => textOf(actual).includes(textOf(value)));
    case 'excludes':
      return !values.some((value) => chosen(actual).includes(textOf(value)));
    default:
      return values.some((value) => POSITIVE[operation](actual, value));
  }
}

type Compare = (actual: Value, value: Value) => boolean;

const ordered =
  (holds: (order: number) => boolean): Compare =>
  (actual, value) =>
    actual !== null && value !== null && holds(orderOf(actual, value));

const POSITIVE: Record<Exclude<Criterion['operation'], 'notEqual' | 'notContain' | 'excludes'>, Compare> = {
  equals: (actual, value) => same(actual, value),
  lessThan: ordered((order) => order < 0),
  lessOrEqual: ordered((order) => order <= 0),
  greaterThan: ordered((order) => order > 0),
  greaterOrEqual: ordered((order) => order >= 0),
  contains: (actual, value) => textOf(actual).includes(textOf(value)),
  startsWith: (actual, value) => textOf(actual).startsWith(textOf(value)),
  includes: (actual, value) => chosen(actual).includes(textOf(value)),
};

/** Formulas see dates as moments and percents as fractions; criteria compare what the field shows. */
function plainOf({ type }: Criterion, found: FormulaValue): Value {
  if (found.type === 'date') return new Date(found.value).toISOString().slice(0, 10);
  if (type === 'percent' && found.type === 'number') return found.value * 100;
  return found.value;
}

/** Criteria compare text without regard to case. */
const textOf = (value: Value): string => (value === null ? '' : String(value).toLowerCase());
const same: Compare = (actual, value) =>
  typeof actual === 'string' || typeof value === 'string' ? textOf(actual) === textOf(value) : actual === value;
const chosen = (value: Value): string[] => textOf(value).split(';');

const orderOf = (a: Value, b: Value): number => {
  const [left, right] = typeof a === 'string' ? [textOf(a), textOf(b)] : [Number(a), Number(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};
