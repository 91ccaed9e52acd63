import { parseArgs } from 'node:util';
import { describeFailure, runSeeds, summary } from './simulation/run-seeds.ts';
import { openStage } from './simulation/stage.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    /** No seed begins later than this. */
    minutes: { type: 'string' },
    /** Another Salesforce project than this one. */
    project: { type: 'string' },
    /** Prints the hash of everything that happened. */
    trace: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const deadline =
  values.minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(values.minutes) * 60_000;
if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1 || Number.isNaN(deadline)) {
  process.stderr.write('npm run simulate -- [--seeds N] [--seed S] [--minutes M]: whole numbers\n');
  process.exit(2);
}

const stage = await openStage(values.project);
const run = await runSeeds(stage, {
  first,
  count,
  goesOn: () => performance.now() < deadline,
  onFailure: (result) => process.stdout.write(`${describeFailure(result)}\n`),
});
process.stdout.write(`${summary(run)}\n${run.seeds - run.failed.length} passed, ${run.failed.length} failed\n`);
process.exit(run.failed.length > 0 ? 1 : 0);
