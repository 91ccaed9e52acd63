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

/** Standard deviations on each side that leave out one in a hundred. */
const DEVIATIONS = 2.576;

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

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

  /**
   * The largest share of all mutations that so many noticed of so many tried allow (Wilson's score interval, 1927, its
   * upper end at 99 %): a sample that is small, or unlucky, proves little.
   */
  get shareAtMost(): number {
    const { tried, share } = this;
    if (tried === 0) return 1;
    const perTried = DEVIATIONS ** 2 / tried;
    const spread = DEVIATIONS * Math.sqrt((share * (1 - share)) / tried + perTried / (4 * tried));
    return (share + perTried / 2 + spread) / (1 + perTried);
  }

  /** The survivors by name, and the counts. */
  summary(): string {
    const { noticed, hung, unnoticed, unreached } = this.#counts;
    return [
      ...this.#survivors.toSorted().map((line) => `survived: ${line}`),
      `${this.tried} tried: ${noticed} noticed, ${hung} did not end, ${unnoticed} unnoticed, ${unreached} in no seed's way ` +
        `(${percent(this.share)} noticed, so of all at most ${percent(this.shareAtMost)}); ${this.#counts.void} more do not compile`,
    ].join('\n');
  }
}
