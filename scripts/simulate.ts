import { parseArgs } from 'node:util';
import { openPglite } from '../src/shared/sql/pglite.ts';
import { inOwnSchema, simulate } from './simulation/simulate.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, minutes: { type: 'string' } },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const deadline = values.minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(values.minutes) * 60_000;
if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1 || Number.isNaN(deadline)) {
  process.stderr.write('npm run simulate -- [--seeds N] [--seed S] [--minutes M]: whole numbers\n');
  process.exit(2);
}

const db = await openPglite();
const faults: Record<string, number> = {};
let hours = 0;
let ran = 0;
const failed: number[] = [];
for (let seed = first; seed < first + count && performance.now() < deadline; seed++) {
  const result = await inOwnSchema(db, seed, (schema) => simulate(seed, schema)).catch((error: Error) => ({
    seed, violations: [`the simulation itself failed: ${error.stack}`], hours: 0, actions: 0, faults: {} as Record<string, number>,
  }));
  ran++;
  hours += result.hours;
  for (const [name, number] of Object.entries(result.faults)) faults[name] = (faults[name] ?? 0) + number;
  if (result.violations.length > 0) {
    failed.push(seed);
    process.stdout.write(`seed ${seed} failed:\n${result.violations.map((line) => `  ${line}`).join('\n')}\n  replay: npm run simulate -- --seeds 1 --seed ${seed}\n`);
  }
}
process.stdout.write(`${ran} seeds, ${Math.round(hours)} simulated hours, faults: ${Object.entries(faults).map(([name, number]) => `${name} ${number}`).join(', ')}\n`);
process.stdout.write(`${ran - failed.length} passed, ${failed.length} failed\n`);
process.exit(failed.length > 0 ? 1 : 0);
