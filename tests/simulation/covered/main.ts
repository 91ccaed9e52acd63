import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { CASES } from '../../../src/flows/cases/carried/name.ts';
import { PROTOCOL_FLOWS } from '../protocol.ts';
import { coverageOf, failingSeeds } from './cover.ts';
import { describeShares, lineShare, shares } from './table.ts';

const USAGE = `npm run simulate:coverage -- [--flow NAME] [--seeds N] [--processes P] [--least SHARE]

  How much of the protocol seeds run, and what never: a line for each file, and what of it never ran.
  --flow       whose protocol: it plays alone (default cases; usage)
  --seeds      how many, from 1 on (default 40)
  --processes  how many work side by side (default 2)
  --least      the share of lines that must run, from 0 to 1, or the command fails (default 0)

exit 0: at least that share ran · 1: less, or a seed failed · 2: unusable arguments`;

const { values } = readArgsOrExit(
  {
    options: {
      flow: { type: 'string', default: CASES },
      seeds: { type: 'string', default: '40' },
      processes: { type: 'string', default: '2' },
      least: { type: 'string', default: '0' },
    },
  },
  USAGE,
);
const [seeds, processes, least] = [values.seeds, values.processes, values.least].map(Number) as [
  number,
  number,
  number,
];
if (![seeds, processes].every((number) => Number.isInteger(number) && number > 0) || !(least >= 0 && least <= 1))
  exitUnusable(`numbers must be whole and above 0, the share from 0 to 1\n\n${USAGE}`);

if (!PROTOCOL_FLOWS.includes(values.flow))
  exitUnusable(`no flow ${values.flow}: ${PROTOCOL_FLOWS.join(' or ')}\n\n${USAGE}`);

const coverage = await coverageOf(
  values.flow,
  Array.from({ length: seeds }, (_, index) => index + 1),
  processes,
);
const files = shares(coverage, values.flow);
process.stdout.write(`${describeShares(files)}\n${seeds} seeds\n`);
const share = lineShare(files);
if (share < least) process.stderr.write(`${(least * 100).toFixed(1)}% must run\n`);
const failing = failingSeeds(coverage, values.flow);
for (const line of failing) process.stderr.write(`${line}\n`);
process.exitCode = share < least || failing.length > 0 ? 1 : 0;
