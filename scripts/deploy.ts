/** `npm run deploy`: everything into an org, as production asks for it. See USAGE. */
import type { Connection } from '@salesforce/core';
import type { UnusableInput } from 'kernel/command-line.ts';
import { readArgs, runCommand, unusable } from 'kernel/command-line.ts';
import {
  deployProject,
  directoriesOf,
  type Deployed,
  type DeployPlan,
  type Tests,
} from './deploying/deploy-project.ts';
import { withLocalProduction } from './deploying/local-production.ts';
import { API_VERSION } from '../src/shared/salesforce/version.ts';
import { findOrg, reachOrg } from '../src/story/org/find-org.ts';
import { Progress } from '../src/story/progress.ts';

const USAGE = `npm run deploy -- --target-org USER [--flow NAME…] [--sample NAME…] [--tests local|own|none] [--dry-run]
npm run deploy -- --dry-run [--flow NAME…] [--sample NAME…]

  Deploys core, the flows and the named samples in one transaction: all of it, or nothing. What operators change
  in the org (Synced Field records, the credentials of the middle layer) is deployed only where it is not yet.
  --target-org  username or alias of an org that this machine is logged in to. Without it, with --dry-run: a local org
                of production, empty, which asks for what production asks
  --flow        cases, usage or feeds (default: all of them); one that you do not deploy puts nothing into the org
  --tests       local (default): every test of the org but those of managed packages, as production runs them; own: those
                that come with Concord, each class covered by three quarters; none: not in production
  --dry-run     checks all of it, tests included, and changes nothing
exit 0: deployed · 1: the org refused it · 2: unusable arguments or login`;

const TESTS: readonly string[] = ['local', 'own', 'none'] satisfies Tests[];

interface Arguments {
  targetOrg: string | null;
  plan: DeployPlan;
}

const misuse = (problem: string): UnusableInput => unusable(problem, USAGE);

const parse = (args: string[]) => {
  return readArgs(
    {
      args,
      options: {
        'target-org': { type: 'string' },
        flow: { type: 'string', multiple: true },
        sample: { type: 'string', multiple: true, default: [] },
        tests: { type: 'string', default: 'local' },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    },
    USAGE,
  ).values;
};

const readArguments = (args: string[]): Arguments | 'help' => {
  const { 'target-org': target, flow: flows = null, sample: samples, tests, 'dry-run': dryRun, help } = parse(args);
  if (help) return 'help';
  if (!TESTS.includes(tests)) throw misuse(`--tests is one of ${TESTS.join(', ')}, not ${tests}`);
  if (target === undefined && !dryRun) throw misuse('--target-org must name the org, or --dry-run be given');
  try {
    directoriesOf(samples, flows);
  } catch (error) {
    throw misuse(`--flow or --sample: ${(error as Error).message}`);
  }
  return { targetOrg: target ?? null, plan: { flows, samples, tests: tests as Tests, dryRun } };
};

const report = ({ components, tests, left }: Deployed, { dryRun }: DeployPlan): string => {
  const what = `${components} components ${dryRun ? 'can be deployed; nothing was changed' : 'deployed'}`;
  const kept = left.length > 0 ? [`left as they are in the org: ${left.join(', ')}`] : [];
  if (tests === null) return [what, ...kept, ''].join('\n');
  const percent = tests.lines === 0 ? 100 : Math.floor((tests.coveredLines * 100) / tests.lines);
  const covered = `tests cover ${tests.coveredLines} of ${tests.lines} lines of Apex (${percent} %)`;
  return [what, ...kept, covered, `${tests.passed} passed, 0 failed`, ''].join('\n');
};

const main = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const progress = new Progress();
  const run = async (connection: Connection): Promise<number> => {
    process.stdout.write(report(await deployProject(connection, args.plan, progress), args.plan));
    return 0;
  };
  if (args.targetOrg === null) return withLocalProduction(run);
  const org = await findOrg(args.targetOrg);
  await reachOrg(org);
  return run(org.getConnection(API_VERSION));
};

await runCommand(main);
