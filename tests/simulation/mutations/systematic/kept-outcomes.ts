import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { codeNow } from '../../covered/cover.ts';
import { ROOT } from '../../protocol.ts';
import type { Mutation } from '../types.ts';
import type { Outcome } from './trial.ts';

/** Not in Git: what became of mutations of the code as it is now. */
const KEPT = `${ROOT}.concord/mutations.json`;

/** What became of mutations that were tried before, so that whoever was stopped goes on where they were. */
export class KeptOutcomes {
  readonly #code = codeNow();
  readonly #outcomes: Record<string, Outcome>;

  constructor() {
    this.#outcomes = this.#read();
  }

  #read(): Record<string, Outcome> {
    try {
      const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as { code: string; outcomes: Record<string, Outcome> };
      return kept.code === this.#code ? kept.outcomes : {};
    } catch {
      return {};
    }
  }

  /** Of a mutation that would get so many seeds now; undefined when it was not tried, or with fewer. */
  of({ name }: Mutation, seeds: number): Outcome | undefined {
    const outcome = this.#outcomes[name];
    if (outcome?.is === 'unreached') return undefined;
    return outcome?.is === 'unnoticed' && outcome.seeds < seeds ? undefined : outcome;
  }

  keep({ name }: Mutation, outcome: Outcome): void {
    this.#outcomes[name] = outcome;
    mkdirSync(`${ROOT}.concord`, { recursive: true });
    writeFileSync(KEPT, JSON.stringify({ code: this.#code, outcomes: this.#outcomes }));
  }
}
