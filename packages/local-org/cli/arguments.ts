import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readArgs, unusable, UnusableInput } from 'kernel/command-line.ts';

export interface StartArguments {
  command: 'start';
  projectDir: string;
  port: number | undefined;
  /** Undefined: no control port. */
  controlPort: number | undefined;
  data: string | undefined;
  devHub: boolean;
}

export interface TestArguments {
  command: 'test';
  projectDir: string;
  /** Empty: all test classes. */
  classNames: string[];
  json: string | undefined;
  coverage: boolean;
}

export interface ExecArguments {
  command: 'exec';
  projectDir: string;
  file: string;
  data: string | undefined;
}

export type OrgArguments = StartArguments | TestArguments | ExecArguments;

/** How the command was called: in a clone through npm, elsewhere by its own name. */
const COMMAND = process.env.npm_lifecycle_event === 'org' ? 'npm run org --' : 'local-org';

export const ORG_USAGE = `${COMMAND} start --project DIR [--port N] [--control-port N] [--data FILE] [--dev-hub]
${COMMAND} test  --project DIR [--class NAME…] [--json FILE] [--coverage]
${COMMAND} exec  --project DIR --file F.apex [--data FILE]

  start  serves a local org until it is interrupted; prints one JSON line: instanceUrl, accessToken, username, orgId
  test   runs Apex tests, all or those of the named classes; --json writes what sf apex run test --result-format json prints
  exec   runs anonymous Apex and prints its debug log
  --control-port  serves what a real org has no API for (README, "Control port"), at N or any free port (0); callers
             present LOCAL_ORG_CONTROL_TOKEN of the environment, or the controlToken that start prints
  --dev-hub  the org signs up scratch orgs, which live as long as it does
  --data keeps the org's records in a file; otherwise they are gone when the command ends

exit 0: done, all tests passed · 1: a test failed, the Apex did not compile or threw · 2: unusable arguments or project`;

/** Throws UnusableInput. */
export const readOrgArguments = ([command, ...args]: string[]): OrgArguments | 'help' => {
  if (command === undefined || command === 'help' || command === '--help') return 'help';
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (command !== 'test' && positionals.length > 0) throw misuse(`unexpected argument ${positionals[0]}`);
  switch (command) {
    case 'start':
      return {
        command,
        projectDir: projectOf(values.project),
        port: portOf('port', values.port),
        controlPort: portOf('control-port', values['control-port']),
        data: values.data,
        devHub: values['dev-hub'],
      };
    case 'test':
      return {
        command,
        projectDir: projectOf(values.project),
        classNames: classNames([...(values.class ?? []), ...positionals]),
        json: values.json,
        coverage: values.coverage,
      };
    case 'exec':
      return { command, projectDir: projectOf(values.project), file: fileOf(values.file), data: values.data };
    default:
      throw misuse(`unknown command ${command}`);
  }
};

const misuse = (problem: string): UnusableInput => unusable(problem, ORG_USAGE);

const parse = (args: string[]) => {
  return readArgs(
    {
      args,
      allowPositionals: true,
      options: {
        project: { type: 'string' },
        port: { type: 'string' },
        'control-port': { type: 'string' },
        data: { type: 'string' },
        'dev-hub': { type: 'boolean', default: false },
        class: { type: 'string', multiple: true },
        json: { type: 'string' },
        coverage: { type: 'boolean', default: false },
        file: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    },
    ORG_USAGE,
  );
};

const projectOf = (given: string | undefined): string => {
  if (given === undefined) throw misuse('--project is missing');
  const directory = resolve(given);
  if (existsSync(join(directory, 'sfdx-project.json'))) return directory;
  throw new UnusableInput(
    `${directory} has no sfdx-project.json: --project must be the root of a Salesforce DX project`,
  );
};

const portOf = (name: string, given: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw misuse(`--${name} must be a port number, not ${given}`);
};

const fileOf = (given: string | undefined): string => {
  if (given === undefined) throw misuse('--file is missing');
  if (existsSync(given)) return resolve(given);
  throw new UnusableInput(`${resolve(given)} does not exist: --file must be a file of anonymous Apex`);
};

/** `--class A --class B`, `--class A B` and `--class A,B` mean the same. */
const classNames = (given: string[]): string[] =>
  given.flatMap((list) => list.split(',').flatMap((name) => name.trim() || []));
