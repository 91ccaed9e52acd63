import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../protocol.ts';
import type { CoverageReport, SeedCoverage } from './types.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
/** Not in Git: what was counted of code as it is now. */
const keptOf = (flow: string): string => `${ROOT}.concord/simulation-coverage-${flow}.json`;
/** Whatever decides over the course of a seed. */
const DECIDES = [
  '{src,force-app,samples,packages/kernel/src,packages/local-org/src}/**/*.{ts,sql,cls,trigger,xml,json}',
  'tests/simulation/{protocol,covered/child,covered/module-coverage,covered/ran-segments}.ts',
];

/** What seeds ran of the protocol. */
export interface Coverage {
  /** The lines of each Apex file that can run. */
  executable: Record<string, number[]>;
  seeds: SeedCoverage[];
}

/** Seeds that violate something although nothing is mutated, a line each. */
export const failingSeeds = ({ seeds }: Coverage, flow: string): string[] =>
  seeds.flatMap(({ seed, violation }) =>
    violation === undefined
      ? []
      : [`seed ${seed} fails as it is: ${violation}\n  npm run simulate -- --flow ${flow} --seeds 1 --seed ${seed}`],
  );

interface Kept extends Coverage {
  code: string;
}

/** A hash of all code that decides over what a seed does. */
export const codeNow = (): string => {
  const hash = createHash('sha256');
  for (const file of globSync(DECIDES, { cwd: ROOT }).toSorted())
    hash.update(file).update(readFileSync(`${ROOT}${file}`));
  return hash.digest('hex');
};

/** What was counted before, if the code is still the same. */
const readKept = (code: string, flow: string): Kept => {
  try {
    const kept = JSON.parse(readFileSync(keptOf(flow), 'utf8')) as Kept;
    if (kept.code === code) return kept;
  } catch {
    // none, or half of one: all is counted again
  }
  return { code, executable: {}, seeds: [] };
};

const keep = (kept: Kept, flow: string): void => {
  mkdirSync(`${ROOT}.concord`, { recursive: true });
  writeFileSync(keptOf(flow), JSON.stringify(kept));
};

/** Plays seeds in a process of their own, one after the other. */
const inChild = (flow: string, seeds: readonly number[], onReport: (report: CoverageReport) => void): Promise<void> => {
  const child = fork(CHILD, [flow, ...seeds.map(String)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let done = false;
  return new Promise((resolve, reject) => {
    child.on('message', (report: CoverageReport) => {
      if ('done' in report) done = true;
      else onReport(report);
    });
    child.on('error', reject);
    child.on('disconnect', () =>
      done ? resolve() : reject(new Error('a process that counts what seeds run broke off')),
    );
  });
};

/**
 * What these seeds run of the protocol of a flow, which plays alone. What was counted before, of the same code, is read instead; what is counted is
 * kept seed by seed, so that a run that was stopped goes on where it was.
 */
export const coverageOf = async (flow: string, seeds: readonly number[], processes: number): Promise<Coverage> => {
  const kept = readKept(codeNow(), flow);
  const known = new Set(kept.seeds.map(({ seed }) => seed));
  const missing = seeds.filter((seed) => !known.has(seed));
  const onReport = (report: CoverageReport): void => {
    if ('executable' in report) kept.executable = report.executable;
    else if ('covered' in report) kept.seeds.push(report.covered);
    keep(kept, flow);
  };
  const shares = Array.from({ length: processes }, (_, number) =>
    missing.filter((_seed, index) => index % processes === number),
  );
  await Promise.all(shares.filter((share) => share.length > 0).map((share) => inChild(flow, share, onReport)));
  const wanted = new Set(seeds);
  return { executable: kept.executable, seeds: kept.seeds.filter(({ seed }) => wanted.has(seed)) };
};
