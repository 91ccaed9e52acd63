import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readArgs, unusable, UnusableInput } from 'kernel/command-line.ts';
import { SAMPLE } from '../shared/sample.ts';

export interface StoryArguments {
  once: boolean;
  faults: boolean;
  input: string;
  map: string;
  report: string | null;
  seed: number;
}

export const USAGE = `npm start -- [--once] [--input FILE.csv --map FILE.json] [--report OUT.json] [--no-faults] [--seed N]

  --once         end by itself: exit 0 when all accepted rows agree, 1 otherwise, 2 for unusable input
  --input, --map rows to seed and how to read them (default: 100 real service requests; see README, "Your own data")
  --report       write the report as JSON
  --no-faults    lose nothing, restart nothing
  --seed         seed of the faults (default 311)`;

/** Reads the command line. Throws UnusableInput. */
export const readArguments = (args: string[]): StoryArguments | 'help' => {
  const { values } = readArgs(
    {
      args,
      allowNegative: true,
      options: {
        once: { type: 'boolean', default: false },
        input: { type: 'string' },
        map: { type: 'string' },
        report: { type: 'string' },
        faults: { type: 'boolean', default: true },
        seed: { type: 'string', default: '311' },
        help: { type: 'boolean', default: false },
      },
    },
    USAGE,
  );
  if (values.help) return 'help';
  if (values.input !== undefined && values.map === undefined) {
    throw unusable('--input needs --map, a file that says which column fills which field', USAGE);
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new UnusableInput(`--seed must be a whole number, not ${values.seed}`);
  if (values.report !== undefined && !existsSync(dirname(resolve(values.report))))
    throw new UnusableInput(`--report ${values.report}: its folder does not exist; make it first`);
  return {
    once: values.once,
    faults: values.faults,
    input: values.input ?? SAMPLE.rows,
    map: values.map ?? SAMPLE.mapping,
    report: values.report ?? null,
    seed,
  };
};
