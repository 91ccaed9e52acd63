import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createOrg, ManualClock, seededRandom } from 'local-org';
import { ROOT } from '../protocol.ts';
import type { TestedMutation } from './by-tests.ts';
import { withMutatedProject } from './mutated-project.ts';

const REGISTER = fileURLToPath(new URL('register-mutation.ts', import.meta.url));
const START = Date.UTC(2026, 0, 5, 9);

/** Rejects when the mutated Apex does not compile: then it proves nothing that tests fail. */
const failingApex = (mutation: TestedMutation): Promise<string[]> =>
  withMutatedProject(mutation, async (projectDir) => {
    const org = createOrg({ projectDir, cacheDir: ROOT, clock: new ManualClock(START), random: seededRandom(1) });
    try {
      const broken = org.diagnostics.find(({ level }) => level === 'error');
      if (broken) throw new Error(`${broken.path}:${broken.line} ${broken.message}`);
      const { outcomes } = org.runTests({ classNames: [...mutation.noticedBy] });
      if (outcomes.length === 0) throw new Error(`there is no test of ${mutation.noticedBy.join(', ')}`);
      return outcomes
        .filter(({ outcome }) => outcome === 'Fail')
        .map(({ className, methodName }) => `${className}.${methodName}`);
    } finally {
      org.close();
    }
  });

const failingFiles = (mutation: TestedMutation): string[] => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', REGISTER, '--test', '--test-reporter=tap', ...mutation.noticedBy],
    {
      cwd: ROOT,
      encoding: 'utf8',
      // a test runner within a test runs nothing, unless it does not know that it is within one
      env: { ...process.env, CONCORD_MUTATION: JSON.stringify(mutation), NODE_TEST_CONTEXT: undefined },
    },
  );
  const failed = [...stdout.matchAll(/^\s*not ok \d+ - (.*)$/gm)].map(([, name]) => name!);
  if (status !== 0 && failed.length === 0) throw new Error(`the tests did not run: ${stdout.slice(0, 500)}`);
  return failed;
};

/** Which tests fail under a mutation. */
export const failingTests = async (mutation: TestedMutation): Promise<string[]> =>
  mutation.file.endsWith('.ts') ? failingFiles(mutation) : failingApex(mutation);
