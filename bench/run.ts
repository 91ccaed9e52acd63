/** npm run bench [-- --quick] [NAME…]: one file per question. Figures are ratios of one run: machines are noisy. */
import { benchDigest } from './digest.ts';
import { benchEndToEnd } from './end-to-end.ts';

const BENCHES: Record<string, (quick: boolean) => void | Promise<void>> = {
  digest: benchDigest,
  'end-to-end': benchEndToEnd,
};

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`no bench is named ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
let failed = 0;
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  try {
    await bench(quick);
  } catch (error) {
    failed++;
    process.stderr.write(`bench ${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
process.exit(failed > 0 ? 1 : 0);
