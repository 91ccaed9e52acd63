import pc from 'picocolors';
import { CHECKS } from './checks/index.ts';
import type { World } from './world.ts';

export interface CheckResult {
  name: string;
  passed: boolean;
  seconds: number;
  problem: string | null;
}

/** Runs the checks one after the other; a failing one does not keep the others from being run. */
export const runChecks = async (world: World, onResult: (result: CheckResult) => void): Promise<CheckResult[]> => {
  const results: CheckResult[] = [];
  for (const check of CHECKS) {
    if (check.localOnly && !world.local) continue;
    const began = performance.now();
    const problem = await check.run(world).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const result = { name: check.name, passed: problem === null, seconds: (performance.now() - began) / 1000, problem };
    results.push(result);
    onResult(result);
  }
  return results;
};

export const renderResult = ({ name, passed, seconds, problem }: CheckResult): string => {
  const line = `${passed ? pc.green('✓') : pc.red('✗')} ${name} (${seconds.toFixed(1)} s)\n`;
  return problem === null ? line : `${line}${problem.replace(/^/gm, '    ')}\n`;
};
