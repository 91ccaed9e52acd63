import { readArgs, unusable, UnusableInput, wholeNumber } from 'kernel/command-line.ts';
import { SAMPLE } from '../shared/sample.ts';
import { placeProblem } from '../shared/write-report.ts';

export interface StoryArguments {
  /** The names of those that are played. */
  flows: string[];
  once: boolean;
  faults: boolean;
  input: string;
  map: string;
  report: string | null;
  seed: number;
}

/** A flow that has a story, as far as the command line goes. */
export interface PlayableFlow {
  name: string;
  told: { about: string; takesRows?: boolean };
}

/** Every flow that has a story. */
const ALL_FLOWS = 'all';

/** What `--help` prints. `flows`: those that have a story. */
export const usageOf = (
  flows: readonly PlayableFlow[],
): string => `npm start -- [--flow NAME|all] [--once] [--input FILE.csv --map FILE.json] [--report OUT.json] [--no-faults] [--seed N]

  Plays the whole story on this machine: one local org, one middle layer, and the external system of each flow.
  --flow         which flow is played (default: all of them, beside each other)
${flows.map(({ name, told: { about } }) => `                 ${name}: ${about}`).join('\n')}
  --once         end by itself: exit 0 when both sides agree, 1 otherwise, 2 for unusable input. Without it all parts keep
                 running, and the addresses and sign-ins are printed: look around
  --input, --map rows that become Cases and how to read them (default: 100 real service requests; see README, "Your own data")
  --report       write the report as JSON
  --no-faults    lose nothing, restart nothing
  --seed         seed of the faults (default 311)`;

/** Which of the flows are meant. Throws UnusableInput. */
const meantBy = (given: string, flows: readonly PlayableFlow[]): PlayableFlow[] => {
  const meant = given === ALL_FLOWS ? [...flows] : flows.filter(({ name }) => name === given);
  if (meant.length > 0) return meant;
  const names = flows.map(({ name }) => name).join(', ');
  throw new UnusableInput(`--flow ${given} has no story; these have: ${names}, or ${ALL_FLOWS}`);
};

/** Reads the command line. `flows`: those that have a story. Throws UnusableInput. */
export const readArguments = (args: string[], flows: readonly PlayableFlow[]): StoryArguments | 'help' => {
  const usage = usageOf(flows);
  const { values } = readArgs(
    {
      args,
      allowNegative: true,
      options: {
        flow: { type: 'string', default: ALL_FLOWS },
        once: { type: 'boolean', default: false },
        input: { type: 'string' },
        map: { type: 'string' },
        report: { type: 'string' },
        faults: { type: 'boolean', default: true },
        seed: { type: 'string', default: '311' },
        help: { type: 'boolean', default: false },
      },
    },
    usage,
  );
  if (values.help) return 'help';
  if (values.input !== undefined && values.map === undefined) {
    throw unusable('--input needs --map, a file that says which column fills which field', usage);
  }
  const meant = meantBy(values.flow, flows);
  if (values.input !== undefined && !meant.some(({ told }) => told.takesRows))
    throw new UnusableInput(`--flow ${values.flow} takes no rows; leave --input and --map out`);
  const seed = wholeNumber('--seed', values.seed);
  const problem = values.report === undefined ? null : placeProblem(values.report);
  if (problem !== null) throw new UnusableInput(`--report ${values.report}: ${problem}`);
  return {
    flows: meant.map(({ name }) => name),
    once: values.once,
    faults: values.faults,
    input: values.input ?? SAMPLE.rows,
    map: values.map ?? SAMPLE.mapping,
    report: values.report ?? null,
    seed,
  };
};
