import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { CASES } from '../../../src/flows/cases/carried/name.ts';
import { coverageOf, failingSeeds } from '../covered/cover.ts';
import { PROTOCOL_FLOWS } from '../protocol.ts';
import { whyEquivalent } from './systematic/equivalent.ts';
import { generateMutations, type GeneratedMutation } from './systematic/index.ts';
import { KeptOutcomes } from './systematic/kept-outcomes.ts';
import { drawn } from './systematic/sample.ts';
import { SeedChoice } from './systematic/seeds.ts';
import { describe, Tally } from './systematic/tally.ts';
import { tryMutations } from './systematic/trials.ts';

const USAGE = `npm run mutate -- [--flow NAME] [--sample N] [--draw S] [--only TEXT] [--pool N] [--seeds N] [--minutes M] [--processes P] [--least SHARE] [--list]

  Breaks the protocol systematically, one place at a time, and asks the simulation whether it notices. Whoever stops it
  goes on with the same command, as long as the code stays as it is.
  --flow       whose protocol is broken: it plays alone (default cases; usage)
  --sample     how many are tried, drawn from all (default: all, which takes hours)
  --draw       decides which are drawn (default 1)
  --only       only those whose name has this text
  --pool       the seeds to choose from, from 1 on; what each runs of the protocol is found out first (default 40)
  --seeds      how many seeds each mutation gets at most (default 200)
  --minutes    no mutation begins later than this
  --processes  how many work side by side (default 2)
  --least      fails when the sample shows (with 99 %) that a smaller share than this is noticed, from 0 to 1 (default 0)
  --list       prints their names only

exit 0: that share may be noticed · 1: it is not, none was tried, or a seed fails with nothing mutated · 2: unusable arguments`;

const { values } = readArgsOrExit(
  {
    options: {
      flow: { type: 'string', default: CASES },
      sample: { type: 'string', default: 'Infinity' },
      draw: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      pool: { type: 'string', default: '40' },
      seeds: { type: 'string', default: '200' },
      minutes: { type: 'string', default: 'Infinity' },
      processes: { type: 'string', default: '2' },
      least: { type: 'string', default: '0' },
      list: { type: 'boolean', default: false },
    },
  },
  USAGE,
);
const isWhole = (number: number): boolean => Number.isInteger(number) && number > 0;
const [sample, draw, pool, seeds, minutes, processes, least] = [
  values.sample,
  values.draw,
  values.pool,
  values.seeds,
  values.minutes,
  values.processes,
  values.least,
].map(Number) as [number, number, number, number, number, number, number];
if (
  ![draw, pool, seeds, processes].every(isWhole) ||
  !(sample === Number.POSITIVE_INFINITY || isWhole(sample)) ||
  !(minutes > 0 && least >= 0 && least <= 1)
)
  exitUnusable(`numbers must be whole and above 0, the share from 0 to 1\n\n${USAGE}`);

if (!PROTOCOL_FLOWS.includes(values.flow))
  exitUnusable(`no flow ${values.flow}: ${PROTOCOL_FLOWS.join(' or ')}\n\n${USAGE}`);

const all = generateMutations(values.flow).filter(({ name }) => name.includes(values.only));
const judged = all.filter((mutation) => whyEquivalent(mutation) === undefined);
const chosen = drawn(judged, sample, draw);
if (values.list) {
  for (const { name } of chosen) process.stdout.write(`${name}\n`);
  process.exit(0);
}

const coverage = await coverageOf(
  values.flow,
  Array.from({ length: pool }, (_, index) => index + 1),
  processes,
);
const choice = new SeedChoice(coverage);
const failing = failingSeeds(coverage, values.flow);
for (const line of failing) process.stderr.write(`${line}\n`);
const kept = new KeptOutcomes();
const tally = new Tally();
const seedsOf = (mutation: GeneratedMutation): number[] => choice.of(mutation).slice(0, seeds);
const known = chosen.flatMap((mutation) => {
  const outcome = kept.of(mutation, seedsOf(mutation).length);
  return outcome === undefined ? [] : [{ mutation, outcome }];
});
for (const { mutation, outcome } of known) {
  tally.add(mutation, outcome);
  if (outcome.is === 'noticed') choice.note(mutation, outcome.seed);
}
const deadline = performance.now() + minutes * 60_000;
await tryMutations(
  chosen.filter((mutation) => !known.some((each) => each.mutation === mutation)),
  {
    processes,
    seedsOf,
    goesOn: () => performance.now() < deadline,
    onOutcome: (mutation, outcome) => {
      kept.keep(mutation, outcome);
      tally.add(mutation, outcome);
      if (outcome.is === 'noticed') choice.note(mutation, outcome.seed);
      process.stdout.write(`${outcome.is}: ${mutation.name}\n    ${describe(outcome)}\n`);
    },
  },
);
process.stdout.write(
  `\n${all.length} mutations of the protocol, ${all.length - judged.length} of them equivalent; draw ${draw} of ${Math.min(sample, judged.length)}, ` +
    `seeds 1 to ${pool}, at most ${seeds} for each mutation\n${tally.summary()}\n`,
);
process.exit(tally.tried > 0 && tally.shareAtMost >= least && failing.length === 0 ? 0 : 1);
