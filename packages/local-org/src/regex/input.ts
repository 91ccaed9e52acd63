/** The text that a pattern is applied to, and how often it was read. */
import { RegexTooComplicated } from './types.ts';

/**
 * How often an input may be read. Page: Apex Developer Guide, "Using Patterns and Matchers": "Salesforce limits the
 * number of times an input sequence for a regular expression can be accessed to 1,000,000 times. If you reach that
 * limit, you receive a runtime error."
 */
export const MAX_READS = 1_000_000;
/** Steps of the matcher, for patterns that try much and read nothing. */
export const MAX_STEPS = 10 * MAX_READS;

export class Input {
  readonly text: string;
  reads = 0;
  steps = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Adds what a search did, or ends it. */
  spend(reads: number, steps: number): void {
    this.reads += reads;
    this.steps += steps;
    if (this.reads > MAX_READS || this.steps > MAX_STEPS) throw new RegexTooComplicated();
  }
}
