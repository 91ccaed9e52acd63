import pc from 'picocolors';
import type { Check, World } from '../../src/story/checks.ts';
import type { NamedChecks, Worlds } from './worlds.ts';

export interface CheckResult {
  /** The flow that was checked. */
  flow: string;
  name: string;
  passed: boolean;
  seconds: number;
  problem: string | null;
}

/** Runs the checks of the flows, one flow after the other; a failing check does not keep the others from being run. */
export const runChecks = async (
  checked: readonly NamedChecks[],
  worlds: Worlds,
  onResult: (result: CheckResult) => void,
): Promise<CheckResult[]> => {
  const results: CheckResult[] = [];
  for (const { name: flow, checks } of checked) {
    const world = worlds.of(flow);
    const run = async (check: Check): Promise<void> => {
      const result = { flow, ...(await runCheck(world, check)) };
      results.push(result);
      onResult(result);
    };
    for (const list of checks.lists)
      await Promise.all(list.filter(({ localOnly }) => world.local || !localOnly).map(run));
  }
  return results;
};

const runCheck = async (world: World, check: Check): Promise<Omit<CheckResult, 'flow'>> => {
  const began = performance.now();
  const problem = await check.run(world).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { name: check.name, passed: problem === null, seconds: (performance.now() - began) / 1000, problem };
};

export const renderResult = ({ flow, name, passed, seconds, problem }: CheckResult): string => {
  const line = `${passed ? pc.green('✓') : pc.red('✗')} ${flow}: ${name} (${seconds.toFixed(1)} s)\n`;
  return problem === null ? line : `${line}${problem.replace(/^/gm, '    ')}\n`;
};
