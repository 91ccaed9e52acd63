/** A process that plays seeds and tells its parent what of the protocol ran in each: see cover.ts. Usage: child.ts FLOW SEED... */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, protocolFiles } from '../protocol.ts';
import { ModuleCoverage } from './module-coverage.ts';
import type { Segments } from './ran-segments.ts';
import type { CoverageReport, SeedCoverage } from './types.ts';

const [flow, ...seedTexts] = process.argv.slice(2) as [string, ...string[]];
const seeds = seedTexts.map(Number);
const files = protocolFiles(flow);
const apexFiles = new Map(
  files.filter((file) => !file.endsWith('.ts')).map((file) => [basename(file).toLowerCase(), file]),
);
const modules = new Map(
  files.filter((file) => file.endsWith('.ts')).map((file) => [pathToFileURL(`${ROOT}${file}`).href, file]),
);

const tell = (report: CoverageReport): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send!(report, (error: Error | null) => (error ? reject(error) : resolve()));
  });

// counting begins before the first of the modules is loaded
const coverage = await ModuleCoverage.begin(modules);
const { simulatedFlows } = await import('../../../src/flows/index.ts');
const { openStage } = await import('../../../src/simulation/stage.ts');
const { simulate } = await import('../../../src/simulation/simulate.ts');
const flows = await simulatedFlows([flow]);
/** What runs when a module is loaded has run in every seed. */
const loaded = await coverage.take();
const stage = await openStage(flows, { coverage: true });

const apexLines = (which: 'covered' | 'all'): Record<string, number[]> => {
  const lines: Record<string, number[]> = {};
  for (const { name, kind, covered, uncovered } of stage.orgs.takeCoverage()) {
    const file = apexFiles.get(`${name.toLowerCase()}.${kind === 'class' ? 'cls' : 'trigger'}`);
    if (file === undefined) continue;
    const found = which === 'all' ? [...covered, ...uncovered] : covered;
    lines[file] = [...new Set([...(lines[file] ?? []), ...found])].sort((a, b) => a - b);
  }
  return lines;
};

const joined = (a: Record<string, Segments>, b: Record<string, Segments>): Record<string, Segments> =>
  Object.fromEntries(Object.keys({ ...a, ...b }).map((file) => [file, [...(a[file] ?? []), ...(b[file] ?? [])]]));

const cover = async (seed: number): Promise<SeedCoverage> => {
  // what opening an org ran is of no seed
  stage.orgs.of(seed);
  apexLines('covered');
  await coverage.take();
  const before = process.cpuUsage();
  const { violations } = await simulate(seed, stage, flows);
  const { user, system } = process.cpuUsage(before);
  const segments = joined(loaded, await coverage.take());
  const [violation] = violations;
  const counted = { seed, seconds: (user + system) / 1e6, lines: apexLines('covered'), segments };
  return violation === undefined ? counted : { ...counted, violation };
};

for (const [index, seed] of seeds.entries()) {
  const covered = await cover(seed);
  if (index === 0) await tell({ executable: apexLines('all') });
  await tell({ covered });
}
await tell({ done: true });
process.exit(0);
