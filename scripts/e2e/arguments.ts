import { parseArgs } from 'node:util';
import { UnusableInput } from 'kernel/command-line.ts';

export interface E2eArguments {
  /** Null: a local org that is started for the run. */
  targetOrg: string | null;
  /** How long each check waits at most. */
  timeoutMs: number;
  /** Leave the records of the run in the org. */
  keep: boolean;
  allowProduction: boolean;
}

export const USAGE = `npm run e2e -- [--target-org USER] [--timeout SECONDS] [--keep] [--allow-production]

  Checks the whole way of a record of each flow, there and back, through public APIs.
  By default all parts run on this machine. With --target-org (username or alias) the org is a real one: the middle
  layer and the external systems are started here against it, and everything takes its time.
  --timeout           how long each check waits at most (default 60, with --target-org 180)
  --keep              leave the records that the checks made
  --allow-production  run against a production org, whose pending records will go to an external system that is thrown away
  exit 0: all checks passed · 1: one failed · 2: the org cannot be used`;

const LOCAL_SECONDS = 60;
const REMOTE_SECONDS = 180;

/** Reads the command line. Throws UnusableInput. */
export const readArguments = (args: string[]): E2eArguments | 'help' => {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        'target-org': { type: 'string' },
        timeout: { type: 'string' },
        keep: { type: 'boolean', default: false },
        'allow-production': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UnusableInput(`${(error as Error).message}\n\n${USAGE}`);
  }
  if (values.help) return 'help';
  const targetOrg = values['target-org'] ?? null;
  const seconds = Number(values.timeout ?? (targetOrg === null ? LOCAL_SECONDS : REMOTE_SECONDS));
  if (!(seconds > 0)) throw new UnusableInput(`--timeout must be a number of seconds, not ${values.timeout}`);
  return { targetOrg, timeoutMs: seconds * 1000, keep: values.keep, allowProduction: values['allow-production'] };
};
