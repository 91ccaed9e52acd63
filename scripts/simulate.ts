import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { add, describeFailure, NOTHING_RUN, runSeeds, summary, type SeedsRun } from '../src/simulation/run-seeds.ts';
import { reportSeeds, runInProcesses } from '../src/simulation/processes.ts';
import { simulatedFlows, simulatedNames } from '../src/flows/index.ts';
import { openStage } from '../src/simulation/stage.ts';

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--minutes M] [--processes P] [--flow NAME]

  Runs the whole system in one process on one clock while everything breaks. What does not hold is told with its seed,
  which replays it (docs/simulation.md).
  --seeds      how many worlds (default 20)
  --seed       the first one's seed, the others follow it (default 1)
  --minutes    no seed begins later than this
  --processes  how many work side by side: each takes every P-th seed (default 1)
  --flow       who plays: ${simulatedNames().join(', ')}, or all in one world (default all)

exit 0: everything held · 1: something did not · 2: unusable arguments`;

const { values } = readArgsOrExit(
  {
    options: {
      seeds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      processes: { type: 'string', default: '1' },
      flow: { type: 'string', default: 'all' },
      /** Between two seeds of this process: for those that run beside others. */
      stride: { type: 'string', default: '1' },
    },
  },
  USAGE,
);
const [seeds, first, processes, stride] = [values.seeds, values.seed, values.processes, values.stride].map(Number) as [
  number,
  number,
  number,
  number,
];
const minutes = Number(values.minutes ?? Number.POSITIVE_INFINITY);
if (![seeds, first, processes, stride].every((number) => Number.isInteger(number) && number > 0) || !(minutes > 0))
  exitUnusable(`numbers must be whole and above 0\n\n${USAGE}`);
const names = values.flow === 'all' ? simulatedNames() : [values.flow];
if (!names.every((name) => simulatedNames().includes(name)))
  exitUnusable(`no flow of the simulation is named ${values.flow}\n\n${USAGE}`);

const runHere = async (): Promise<SeedsRun> => {
  const deadline = performance.now() + minutes * 60_000;
  const flows = await simulatedFlows(names);
  return runSeeds(await openStage(flows), flows, {
    first,
    count: seeds,
    stride,
    goesOn: () => performance.now() < deadline,
    onFailure: (result) => process.stdout.write(`${describeFailure(result, values.flow)}\n`),
  });
};

const run =
  processes === 1
    ? await runHere()
    : (await runInProcesses({ seeds, first, processes, minutes, flow: values.flow })).reduce(add, NOTHING_RUN);
// a process that runs beside others reports to their parent, which sums up
if (!(await reportSeeds(run))) {
  process.stdout.write(`${summary(run)}\n${run.seeds - run.failed.length} passed, ${run.failed.length} failed\n`);
}
process.exit(run.failed.length > 0 ? 1 : 0);
