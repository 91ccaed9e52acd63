/** Operators and logical functions of formulas. */
import { StoreError } from '../../types.ts';
import { type FormulaFunction, boolean, NULL, number, text, type FormulaValue } from '../values.ts';

const DAY = 86_400_000;

const compare =
  (holds: (a: number | string, b: number | string) => boolean): FormulaFunction =>
  ([a, b]) => {
    if (
      a === undefined ||
      b === undefined ||
      a.type === 'null' ||
      b.type === 'null' ||
      a.type === 'boolean' ||
      b.type === 'boolean'
    )
      return boolean(false);
    return boolean(holds(a.value, b.value));
  };

const arithmetic =
  (run: (a: number, b: number) => number): FormulaFunction =>
  ([a, b]) =>
    a?.type === 'number' && b?.type === 'number' ? number(run(a.value, b.value)) : nullOrError(a, b);

/** Arithmetic with an empty operand is empty; with another type it is an error. */
function nullOrError(a: FormulaValue | undefined, b: FormulaValue | undefined): FormulaValue {
  if (a?.type === 'null' || b?.type === 'null') return NULL;
  throw new StoreError(
    'INVALID_FORMULA',
    `Incorrect parameter types for an operator: ${a?.type ?? 'nothing'}, ${b?.type ?? 'nothing'}`,
  );
}

/** Text and numbers add up; a number added to a date counts days; empty text is no text. */
const add: FormulaFunction = ([a = NULL, b = NULL]) => {
  if (a.type === 'text' || b.type === 'text')
    return text(`${a.value === null ? '' : String(a.value)}${b.value === null ? '' : String(b.value)}`);
  if (a.type === 'number' && b.type === 'number') return number(a.value + b.value);
  if (isMoment(a) && b.type === 'number') return { type: a.type, value: shifted(a, b.value) };
  if (a.type === 'number' && isMoment(b)) return { type: b.type, value: shifted(b, a.value) };
  return nullOrError(a, b);
};

const subtract: FormulaFunction = ([a = NULL, b = NULL]) => {
  if (a.type === 'number' && b.type === 'number') return number(a.value - b.value);
  if (isMoment(a) && b.type === 'number') return { type: a.type, value: shifted(a, -b.value) };
  if (isMoment(a) && isMoment(b)) return number((a.value - b.value) / DAY);
  if (a.type === 'time' && b.type === 'time') return number(a.value - b.value);
  return nullOrError(a, b);
};

type Moment = Extract<FormulaValue, { type: 'date' | 'datetime' }>;

const isMoment = (value: FormulaValue): value is Moment => value.type === 'date' || value.type === 'datetime';

/** Dates count whole days. */
const shifted = (moment: Moment, days: number): number =>
  moment.value + (moment.type === 'date' ? Math.trunc(days) : days) * DAY;

/** What formulon's grammar makes of `=`, `<`, `+` and so on. */
export const OPERATORS: Record<string, FormulaFunction> = {
  equal: ([a, b]) => boolean(a?.value === b?.value),
  unequal: ([a, b]) => boolean(a?.value !== b?.value),
  lessthan: compare((a, b) => a < b),
  lessthanorequal: compare((a, b) => a <= b),
  greaterthan: compare((a, b) => a > b),
  greaterthanorequal: compare((a, b) => a >= b),
  add,
  subtract,
  multiply: arithmetic((a, b) => a * b),
  divide: ([a, b], scope) => {
    if (b?.type === 'number' && b.value === 0) return NULL;
    return arithmetic((x, y) => x / y)([a!, b!], scope);
  },
  exponentiate: arithmetic((a, b) => a ** b),
};

const isBlank: FormulaFunction = ([a = NULL]) => boolean(a.type === 'null');
const whenBlank: FormulaFunction = ([a = NULL, b = NULL]) => (a.type === 'null' ? b : a);

/** Logical functions that evaluate all their arguments. */
export const LOGIC_FUNCTIONS: Record<string, FormulaFunction> = {
  not: ([a]) => boolean(a?.value !== true),
  isblank: isBlank,
  isnull: isBlank,
  blankvalue: whenBlank,
  nullvalue: whenBlank,
  ispickval: ([a, b]) => boolean(a?.value === b?.value),
  isnumber: ([a = NULL]) => boolean(a.type === 'text' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(a.value)),
};
