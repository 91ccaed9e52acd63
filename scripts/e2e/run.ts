import pc from 'picocolors';
import { CHECKS } from './checks/index.ts';
import type { Check } from './checks/types.ts';
import type { World } from './world.ts';

export interface CheckResult {
  name: string;
  passed: boolean;
  seconds: number;
  problem: string | null;
}

/** Runs the checks; a failing one does not keep the others from being run. */
export const runChecks = async (world: World, onResult: (result: CheckResult) => void): Promise<CheckResult[]> => {
  const results: CheckResult[] = [];
  const run = async (check: Check): Promise<void> => {
    const result = await runCheck(world, check);
    results.push(result);
    onResult(result);
  };
  for (const group of CHECKS) {
    await Promise.all(group.filter(({ localOnly }) => world.local || !localOnly).map(run));
  }
  return results;
};

const runCheck = async (world: World, check: Check): Promise<CheckResult> => {
  const began = performance.now();
  const problem = await check.run(world).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { name: check.name, passed: problem === null, seconds: (performance.now() - began) / 1000, problem };
};

export const renderResult = ({ name, passed, seconds, problem }: CheckResult): string => {
  const line = `${passed ? pc.green('✓') : pc.red('✗')} ${name} (${seconds.toFixed(1)} s)\n`;
  return problem === null ? line : `${line}${problem.replace(/^/gm, '    ')}\n`;
};
