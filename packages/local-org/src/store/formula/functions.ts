import { DATE_FUNCTIONS } from './functions/dates.ts';
import { LOGIC_FUNCTIONS, OPERATORS } from './functions/operators.ts';
import { NUMBER_FUNCTIONS } from './functions/numbers.ts';
import { TEXT_FUNCTIONS } from './functions/text.ts';
import type { FormulaFunction } from './values.ts';

/** All functions and operators that take evaluated arguments, by lower-cased name. */
export const FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  ...OPERATORS,
  ...LOGIC_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...DATE_FUNCTIONS,
};
