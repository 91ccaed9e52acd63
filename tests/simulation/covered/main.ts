/**
 * How much of the protocol do seeds run, and what never? Prints a line for each file, and what of it never ran.
 * Usage: npm run simulate:coverage -- [--seeds N] [--processes P] [--least SHARE]
 * Exit code 1: a smaller share of its lines ran than --least.
 */
import { parseArgs } from 'node:util';
import { coverageOf } from './cover.ts';
import { describeShares, lineShare, shares } from './table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '40' },
    processes: { type: 'string', default: '2' },
    /** The share of lines that must have run, or the command fails. */
    least: { type: 'string', default: '0' },
  },
});
const [seeds, processes, least] = [values.seeds, values.processes, values.least].map(Number) as [
  number,
  number,
  number,
];
if (![seeds, processes].every((number) => Number.isInteger(number) && number > 0) || !(least >= 0 && least <= 1)) {
  process.stderr.write('npm run simulate:coverage -- [--seeds N] [--processes P] [--least SHARE]\n');
  process.exit(2);
}

const coverage = await coverageOf(
  Array.from({ length: seeds }, (_, index) => index + 1),
  processes,
);
const files = shares(coverage);
process.stdout.write(`${describeShares(files)}\n${seeds} seeds\n`);
const share = lineShare(files);
if (share < least) process.stderr.write(`${(least * 100).toFixed(1)}% must run\n`);
process.exitCode = share < least ? 1 : 0;
