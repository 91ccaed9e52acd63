import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { UnusableInput, wholeNumber } from 'kernel/command-line.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

export interface CreateArguments {
  command: 'create';
  /** Null: the machine's default Dev Hub. */
  devHub: string | null;
  alias: string | null;
  definition: string;
  durationDays: number;
  seed: boolean;
  e2e: boolean;
  input: string;
  map: string;
}

export interface DeleteArguments {
  command: 'delete';
  devHub: string | null;
  /** Username or alias of the scratch org. */
  target: string;
}

export type ScratchArguments = CreateArguments | DeleteArguments;

export const USAGE = `npm run scratch -- create [--target-dev-hub USER] [--alias NAME] [--definition FILE] [--duration-days N]
                         [--no-seed] [--input FILE.csv --map FILE.json] [--no-e2e]
npm run scratch -- delete --alias NAME | --target-org USER  [--target-dev-hub USER]

  create  makes a scratch org, deploys force-app, assigns the permission sets, activates the sync, seeds rows and
          runs the end-to-end checks against it
  delete  deletes it through its Dev Hub, and what this machine knows of it
  --target-dev-hub  username or alias (default: the machine's default Dev Hub)
  --definition      scratch org definition (default config/project-scratch-def.json)
  --duration-days   1 to 30 (default 7)
  --input, --map    rows to seed and how to read them (default: 100 real service requests)
exit 0: done · 1: the org, the deployment or a check failed · 2: unusable arguments, definition or Dev Hub`;

const DEFAULT_DAYS = '7';
/** Scratch org definition, "durationDays". */
const MAX_DAYS = 30;

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const unusable = (problem: string): UnusableInput => new UnusableInput(`${problem}\n\n${USAGE}`);

/** Reads the command line. Throws UnusableInput. */
export const readArguments = ([command, ...args]: string[]): ScratchArguments | 'help' => {
  if (command === undefined || command === 'help' || command === '--help') return 'help';
  const values = parse(args);
  if (values.help) return 'help';
  const devHub = values['target-dev-hub'] ?? null;
  if (command === 'delete') {
    const target = values['target-org'] ?? values.alias;
    if (target === undefined) throw unusable('--alias or --target-org must name the scratch org');
    return { command, devHub, target };
  }
  if (command !== 'create') throw unusable(`unknown command ${command}`);
  const durationDays = wholeNumber('--duration-days', values['duration-days'], { from: 1, to: MAX_DAYS });
  if (values.input !== undefined && values.map === undefined) throw unusable('--input needs --map');
  return {
    command,
    devHub,
    alias: values.alias ?? null,
    definition: values.definition ?? inProject('config/project-scratch-def.json'),
    durationDays,
    seed: values.seed,
    e2e: values.e2e,
    input: values.input ?? SAMPLE.rows,
    map: values.map ?? SAMPLE.mapping,
  };
};

const parse = (args: string[]) => {
  try {
    return parseArgs({
      args,
      allowNegative: true,
      options: {
        'target-dev-hub': { type: 'string' },
        'target-org': { type: 'string' },
        alias: { type: 'string' },
        definition: { type: 'string' },
        'duration-days': { type: 'string', default: DEFAULT_DAYS },
        seed: { type: 'boolean', default: true },
        e2e: { type: 'boolean', default: true },
        input: { type: 'string' },
        map: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw unusable((error as Error).message);
  }
};
