/** One way to break a text: what stands from `start` to `end` (indices of code units) is replaced. */
export interface Edit {
  /** What kind of breakage it is, in two or three words: `condition always true`. */
  operator: string;
  start: number;
  end: number;
  replace: string;
  /** The place that must run, or nothing is different; where it is not `start`. */
  needs?: number;
}

/** Comparisons and what each is mistaken for. */
export const SWAPPED: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
};
