/** npm run bench [-- --quick] [NAME…]: one file per question. Figures are ratios of one run: machines are noisy. */
import { startSystem, type System } from '../scripts/story/system.ts';
import { benchApiCalls } from './api-calls.ts';
import { benchDigest } from './digest.ts';
import { benchDigestCost } from './digest-cost.ts';
import { benchDigestScale } from './digest-scale.ts';
import { benchDigestTime } from './digest-time.ts';
import { benchFootprint } from './footprint.ts';
import { benchLatency } from './latency.ts';

const BENCHES: Record<string, (quick: boolean) => Promise<void>> = {
  digest: benchDigest,
  'digest-time': benchDigestTime,
  'digest-scale': benchDigestScale,
  'digest-cost': benchDigestCost,
};

/** These ask the whole system, which is started once for all of them. */
const SYSTEM_BENCHES: Record<string, (quick: boolean, system: System, startUpMs: number) => Promise<void>> = {
  footprint: benchFootprint,
  latency: benchLatency,
  'api-calls': benchApiCalls,
};

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('--'));
const known = [...Object.keys(BENCHES), ...Object.keys(SYSTEM_BENCHES)];
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no bench is named ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exit(2);
}
let failed = 0;
const run = async (name: string, bench: () => Promise<void>): Promise<void> => {
  try {
    await bench();
  } catch (error) {
    failed++;
    process.stderr.write(`bench ${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
};
const asked = <B>(benches: Record<string, B>): [string, B][] =>
  Object.entries(benches).filter(([name]) => names.length === 0 || names.includes(name));

for (const [name, bench] of asked(BENCHES)) await run(name, () => bench(quick));
const systemBenches = asked(SYSTEM_BENCHES);
if (systemBenches.length > 0) {
  await run('start', async () => {
    const began = performance.now();
    const system = await startSystem();
    const startUpMs = performance.now() - began;
    try {
      for (const [name, bench] of systemBenches) await run(name, () => bench(quick, system, startUpMs));
    } finally {
      await system.stop();
    }
  });
}
process.exit(failed > 0 ? 1 : 0);
