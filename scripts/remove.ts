/** `npm run remove`: takes Concord out of an org. See USAGE. */
import type { UnusableInput } from 'kernel/command-line.ts';
import { readArgs, runCommand, unusable } from 'kernel/command-line.ts';
import { directoriesOf } from './deploying/deploy-project.ts';
import { removeProject, type Removed, type RemovePlan } from './deploying/remove-project.ts';
import { API_VERSION } from '../src/shared/salesforce/version.ts';
import { findOrg, reachOrg } from '../src/story/org/find-org.ts';
import { Progress } from '../src/story/progress.ts';

const USAGE = `npm run remove -- --target-org USER (--dry-run | --yes) [--sample NAME…]

  Takes Concord out of an org: pauses it, ends its schedules, takes its permission sets from their users, and deletes all
  that was deployed, its objects with their records and its fields on Case with their values. Nothing of yours changes.
  --dry-run  lists what would go, and changes nothing
  --yes      does it. Export first what you want to keep: runs, discrepancies, tombstones
  --sample   a sample that was deployed too; what uses Concord's fields must go before, or with it
exit 0: nothing of Concord is left · 1: the org refused it, or something is left · 2: unusable arguments or login`;

const misuse = (problem: string): UnusableInput => unusable(problem, USAGE);

const parse = (args: string[]) => {
  return readArgs(
    {
      args,
      options: {
        'target-org': { type: 'string' },
        sample: { type: 'string', multiple: true, default: [] },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    },
    USAGE,
  ).values;
};

const readArguments = (args: string[]): { targetOrg: string; plan: RemovePlan } | 'help' => {
  const { 'target-org': targetOrg, sample: samples, 'dry-run': dryRun, yes, help } = parse(args);
  if (help) return 'help';
  if (targetOrg === undefined) throw misuse('--target-org must name the org');
  if (dryRun === yes) throw misuse('either --dry-run or --yes must be given');
  try {
    directoriesOf(samples);
  } catch (error) {
    throw misuse(`--sample: ${(error as Error).message}`);
  }
  return { targetOrg, plan: { samples, dryRun } };
};

const report = ({ components, assignments, records, left }: Removed, { dryRun }: RemovePlan): string => {
  const rows = Object.entries(records).map(([object, count]) => `  ${count} records of ${object}`);
  const going = [`  ${components.length} components`, `  ${assignments} assignments of permission sets`, ...rows];
  if (dryRun)
    return ['would go, and nothing was changed:', ...going, ...components.map((name) => `  ${name}`), ''].join('\n');
  const verdict =
    left.length === 0 ? ['nothing of Concord is left'] : ['still there:', ...left.map((name) => `  ${name}`)];
  return ['gone:', ...going, ...verdict, ''].join('\n');
};

const main = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const org = await findOrg(args.targetOrg);
  await reachOrg(org);
  const removed = await removeProject(org.getConnection(API_VERSION), args.plan, new Progress());
  process.stdout.write(report(removed, args.plan));
  return removed.left.length === 0 ? 0 : 1;
};

await runCommand(main);
