/** Runs every static check, at the same time, and sums up: each check counts as one test. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { closingLine } from './testing/suite.ts';

readArgsOrExit(
  { options: {} },
  `npm run lint

  Runs every static check at the same time: rules, format, types, queries.

exit 0: all hold · 1: one does not · 2: unusable arguments`,
);

interface Check {
  name: string;
  /** A module under node_modules or of ours, and its arguments. */
  command: string[];
}

const CHECKS: Check[] = [
  {
    name: 'eslint',
    command: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'],
  },
  { name: 'prettier', command: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'] },
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'queries', command: ['scripts/check-queries.ts'] },
  { name: 'commands', command: ['scripts/check-commands.ts'] },
  { name: 'types of components', command: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'config/lwc'] },
];

interface Outcome {
  check: Check;
  ok: boolean;
  output: string;
  seconds: number;
}

function runCheck(check: Check): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve) => {
    const [module = '', ...args] = check.command;
    const child = spawn(process.execPath, [join(...module.split('/')), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) => {
      resolve({ check, ok: code === 0, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

const outcomes = await Promise.all(CHECKS.map(runCheck));
for (const { check, ok, output, seconds } of outcomes) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(output.trimEnd());
}
const failed = outcomes.filter((outcome) => !outcome.ok).length;
console.log(closingLine(outcomes.length - failed, failed));
process.exitCode = failed === 0 ? 0 : 1;
