/**
 * Breaks the protocol systematically, one place at a time, and asks the simulation whether it notices.
 * Usage: npm run mutate -- [--sample N] [--draw S] [--only TEXT] [--seeds N] [--minutes M] [--processes P] [--least SHARE] [--list]
 * Without --sample all are tried, which takes hours.
 */
import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { seededRandom } from 'kernel/random.ts';
import { whyEquivalent } from './generated/equivalent.ts';
import { generateMutations } from './generated/index.ts';
import { tryMutations } from './generated/trials.ts';
import type { Outcome } from './generated/trial.ts';
import type { Mutation } from './types.ts';

const USAGE = `npm run mutate -- [--sample N] [--draw S] [--only TEXT] [--seeds N] [--minutes M] [--processes P] [--least SHARE] [--list]

  Breaks the protocol systematically, one place at a time, and asks the simulation whether it notices.
  --sample     how many are tried, drawn from all (default: all, which takes hours)
  --draw       decides which are drawn (default 1)
  --only       only those whose name has this text
  --seeds      how many seeds each mutation gets (default 200)
  --minutes    no mutation begins later than this
  --processes  how many work side by side (default 2)
  --least      the share that must be noticed, from 0 to 1, or the command fails (default 0)
  --list       prints their names only

exit 0: at least that share was noticed · 1: less, or none was tried · 2: unusable arguments`;

const { values } = readArgsOrExit(
  {
    options: {
      sample: { type: 'string' },
      draw: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      seeds: { type: 'string', default: '200' },
      minutes: { type: 'string', default: 'Infinity' },
      processes: { type: 'string', default: '2' },
      least: { type: 'string', default: '0' },
      list: { type: 'boolean', default: false },
    },
  },
  USAGE,
);
const [draw, seeds, minutes, processes, least] = [
  values.draw,
  values.seeds,
  values.minutes,
  values.processes,
  values.least,
].map(Number) as [number, number, number, number, number];
const sample = values.sample === undefined ? Number.POSITIVE_INFINITY : Number(values.sample);
const isWhole = (number: number): boolean => Number.isInteger(number) && number > 0;
if (
  ![draw, seeds, processes].every(isWhole) ||
  !(sample === Number.POSITIVE_INFINITY || isWhole(sample)) ||
  !(minutes > 0 && least >= 0 && least <= 1)
)
  exitUnusable(`numbers must be whole and above 0, the share from 0 to 1\n\n${USAGE}`);

/** The same draw draws the same mutations, as long as the protocol stays as it is. */
const drawn = (all: Mutation[]): Mutation[] => {
  const random = seededRandom(draw);
  return all
    .map((mutation) => ({ mutation, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, sample)
    .map(({ mutation }) => mutation);
};

const all = generateMutations().filter(({ name }) => name.includes(values.only));
const equivalent = all.filter((mutation) => whyEquivalent(mutation) !== undefined);
const chosen = drawn(all.filter((mutation) => !equivalent.includes(mutation)));
if (values.list) {
  for (const { name } of chosen) process.stdout.write(`${name}\n`);
  process.exit(0);
}

const told: Record<Outcome['is'], number> = { noticed: 0, hung: 0, unnoticed: 0, void: 0 };
const describe = (outcome: Outcome): string => {
  switch (outcome.is) {
    case 'noticed':
      return `seed ${outcome.seed}: ${outcome.violation.split('\n')[0]}`;
    case 'hung':
      return `seed ${outcome.seed} does not end`;
    case 'void':
      return outcome.why.split('\n')[0]!;
    case 'unnoticed':
      return outcome.error === null
        ? `${seeds} seeds saw nothing`
        : `${seeds} seeds saw nothing, ${outcome.brokeOff} broke off: ${outcome.error.split('\n')[0]}`;
  }
};

const deadline = performance.now() + minutes * 60_000;
await tryMutations(chosen, {
  processes,
  seeds,
  goesOn: () => performance.now() < deadline,
  onOutcome: (mutation, outcome) => {
    told[outcome.is] += 1;
    process.stdout.write(`${outcome.is}: ${mutation.name}\n    ${describe(outcome)}\n`);
  },
});

const { noticed, hung, unnoticed } = told;
const tried = noticed + hung + unnoticed;
const share = tried === 0 ? 0 : (noticed + hung) / tried;
process.stdout.write(
  `${all.length} mutations of the protocol, ${equivalent.length} of them known to be equivalent; ${tried} tried with up to ${seeds} seeds: ` +
    `${noticed} noticed, ${hung} did not end, ${unnoticed} unnoticed (${(share * 100).toFixed(1)}% noticed); ${told.void} more do not compile\n`,
);
process.exit(tried > 0 && share >= least ? 0 : 1);
