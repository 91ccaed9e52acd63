import type { Mutation } from '../types.ts';
import type { Outcome } from './trial.ts';

/** What became of a mutation, in a line. */
export const describe = (outcome: Outcome): string => {
  switch (outcome.is) {
    case 'noticed':
      return `seed ${outcome.seed}: ${outcome.violation.split('\n')[0]}`;
    case 'hung':
      return `seed ${outcome.seed} does not end`;
    case 'void':
      return outcome.why.split('\n')[0]!;
    case 'unreached':
      return 'no seed runs this place';
    case 'unnoticed':
      return outcome.error === null
        ? `${outcome.seeds} seeds saw nothing`
        : `${outcome.seeds} seeds saw nothing, ${outcome.brokeOff} broke off: ${outcome.error.split('\n')[0]}`;
  }
};

/** Counts outcomes. What does not compile breaks nothing and does not count. */
export class Tally {
  readonly #survivors: string[] = [];
  readonly #counts: Record<Outcome['is'], number> = { noticed: 0, hung: 0, unnoticed: 0, unreached: 0, void: 0 };

  add({ name }: Mutation, outcome: Outcome): void {
    this.#counts[outcome.is] += 1;
    if (outcome.is === 'unnoticed' || outcome.is === 'unreached') this.#survivors.push(`${name}: ${describe(outcome)}`);
  }

  get tried(): number {
    const { noticed, hung, unnoticed, unreached } = this.#counts;
    return noticed + hung + unnoticed + unreached;
  }

  /** Of those that were tried: what was noticed, and what did not end. */
  get share(): number {
    return this.tried === 0 ? 0 : (this.#counts.noticed + this.#counts.hung) / this.tried;
  }

  /** The survivors by name, and the counts. */
  summary(): string {
    const { noticed, hung, unnoticed, unreached } = this.#counts;
    return [
      ...this.#survivors.toSorted().map((line) => `survived: ${line}`),
      `${this.tried} tried: ${noticed} noticed, ${hung} did not end, ${unnoticed} unnoticed, ${unreached} in no seed's way ` +
        `(${(this.share * 100).toFixed(1)}% noticed); ${this.#counts.void} more do not compile`,
    ].join('\n');
  }
}
