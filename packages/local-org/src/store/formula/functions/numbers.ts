import { roundHalfUp } from '../../rounding.ts';
import type { FormulaFunction } from '../values.ts';
import { NULL, number } from '../values.ts';

/** A function of numbers; any empty argument makes it empty. */
const onNumbers =
  (run: (...values: number[]) => number): FormulaFunction =>
  (args) =>
    args.every((arg) => arg.type === 'number') ? number(run(...args.map((arg) => arg.value))) : NULL;

/** CEILING and FLOOR round away from and toward zero; MCEILING and MFLOOR up and down. */
export const NUMBER_FUNCTIONS: Record<string, FormulaFunction> = {
  abs: onNumbers(Math.abs),
  ceiling: onNumbers((a) => Math.sign(a) * Math.ceil(Math.abs(a))),
  floor: onNumbers((a) => Math.sign(a) * Math.floor(Math.abs(a))),
  mceiling: onNumbers(Math.ceil),
  mfloor: onNumbers(Math.floor),
  exp: onNumbers(Math.exp),
  ln: onNumbers(Math.log),
  log: onNumbers(Math.log10),
  max: onNumbers(Math.max),
  min: onNumbers(Math.min),
  mod: onNumbers((a, b) => a - b * Math.floor(a / b)),
  round: onNumbers((a, digits = 0) => roundHalfUp(a, digits)),
  trunc: onNumbers((a, digits = 0) => Math.trunc(a * 10 ** digits) / 10 ** digits),
  sqrt: onNumbers(Math.sqrt),
};
