import { Input, Regex, RegexSyntaxError } from '../../regex/index.ts';
import { StoreError } from '../types.ts';

/** Patterns that are kept compiled: those that formulas name, and some that fields bring. */
const KEPT = 200;

/** REGEX(): matches the whole text, as Java's matches() does. */
export class RegexTests {
  readonly #compiled = new Map<string, Regex>();

  /** RegexTooComplicated when the value has to be read too often. */
  matches(value: string, pattern: string, spend: (steps: number) => void = () => {}): boolean {
    const input = new Input(value);
    try {
      return this.#compile(pattern).search(input, { anchoring: 'whole' }) !== null;
    } finally {
      spend(input.steps);
    }
  }

  #compile(pattern: string): Regex {
    let regex = this.#compiled.get(pattern);
    if (regex !== undefined) return regex;
    try {
      regex = new Regex(pattern);
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error;
      throw new StoreError(
        'INVALID_FORMULA',
        `REGEX() has a malformed pattern: ${error.message} near index ${error.index}`,
      );
    }
    if (this.#compiled.size >= KEPT) this.#compiled.clear();
    this.#compiled.set(pattern, regex);
    return regex;
  }
}
