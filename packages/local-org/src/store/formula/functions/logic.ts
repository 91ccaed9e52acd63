import type { FormulaFunction } from '../values.ts';
import { boolean, NULL } from '../values.ts';

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
