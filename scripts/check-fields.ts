/** Checks the fields that the custom metadata lists for syncing: `--help` tells of it. */
import { readArgs, runCommand, UnusableInput } from 'kernel/command-line.ts';
import { fieldRules, readRules, type FieldRules } from '../src/external-system/rules/field-rules.ts';
import { flows } from '../src/flows/index.ts';
import { SAMPLE } from '../src/shared/sample.ts';
import { API_VERSION } from '../src/shared/salesforce/version.ts';
import { checkFields } from './fields/check.ts';
import { checkScope } from './fields/scope.ts';
import { inOrg, inSource, type ObjectDescription, type OrgReader } from './fields/sides.ts';
import type { Checked, FieldProblem, ObjectsOfFlows } from './fields/types.ts';

const USAGE = `npm run check:fields -- [--target-org USER] [--rules FILE…]

  Checks each active Synced_Field__mdt record: its flow, the field, its type, who may edit it, what the external system
  knows of it and how long its values may be there; and each active Sync_Scope__mdt record: its field and its values.
  --target-org   an org this machine is logged in to, as the integration user (default: the package directories of this
                 project; who may edit is read from the permission sets called …_Integration, and from those beside the
                 record where its package directory has none of that name)
  --rules        a file of the external system's rules, as EXTERNAL_RULES names it (default: the sample's); give it again
                 for more files

exit 0: every field can be synced · 1: some cannot · 2: unusable arguments, or a project or an org that cannot be read`;

interface Arguments {
  targetOrg: string | null;
  rules: string[];
}

const readArguments = (): Arguments | 'help' => {
  const { values } = readArgs(
    {
      options: {
        'target-org': { type: 'string' },
        rules: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    },
    USAGE,
  );
  return values.help
    ? 'help'
    : { targetOrg: values['target-org'] ?? null, rules: values.rules ?? [SAMPLE.registryRules] };
};

const rulesIn = (paths: string[]): FieldRules => {
  try {
    return fieldRules(...paths.map(readRules));
  } catch (error) {
    throw new UnusableInput((error as Error).message, { cause: error });
  }
};

const objectsOfFlows = async (): Promise<ObjectsOfFlows> => {
  const compared = await Promise.all(flows.flatMap((flow) => (flow.compared ? [flow.compared()] : [])));
  return new Map(compared.map(({ flow, object }) => [flow, object]));
};

const readerOf = async (usernameOrAlias: string): Promise<OrgReader> => {
  // Salesforce's library takes longer to load than the source of a project to check
  const { findOrg, reachOrg } = await import('../src/story/org/find-org.ts');
  const org = await findOrg(usernameOrAlias);
  await reachOrg(org);
  const connection = org.getConnection(API_VERSION);
  return {
    query: async (soql) => (await connection.query(soql, { autoFetch: true })).records,
    describe: async (object) => (await connection.describe(object)) as unknown as ObjectDescription,
  };
};

const render = ({ severity, place, subject, text }: FieldProblem): string =>
  `${place}: ${severity === 'warning' ? 'warning: ' : ''}${subject} ${text}\n`;

const amount = (count: number, thing: string): string => `${count || 'no'} ${thing}${count === 1 ? '' : 's'}`;

const conditionsOf = ({ scope }: Checked): string =>
  scope.length === 0 ? '' : ` and ${amount(scope.length, 'condition')} of the scope`;

const main = async (): Promise<number> => {
  const args = readArguments();
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const rules = rulesIn(args.rules);
  const objects = await objectsOfFlows();
  const checked =
    args.targetOrg === null ? await inSource('.', objects) : await inOrg(await readerOf(args.targetOrg), objects);
  const told = [...checkFields(checked, objects, rules), ...checkScope(checked, objects)];
  for (const each of told) process.stderr.write(render(each));
  const count = checked.records.length;
  if (count === 0) {
    process.stderr.write(
      'no active Synced_Field__mdt record: nothing is synced; deploy force-app, or let this user read the custom metadata type\n',
    );
    return 1;
  }
  const problems = told.filter(({ severity }) => severity === 'problem').length;
  process.stdout.write(
    `${count} synced fields checked${conditionsOf(checked)}: ${amount(problems, 'problem')}, ${amount(told.length - problems, 'warning')}\n`,
  );
  return problems === 0 ? 0 : 1;
};

await runCommand(main);
