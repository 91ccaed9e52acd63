/**
 * Runs every npm command of ours with `--help` and with an option that there is not: the first must tell how it is
 * called and end with 0, the second must end with 2 and say so; neither may show a stack trace. Each counts as a test.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { closingLine } from './testing/suite.ts';

readArgsOrExit(
  { options: {} },
  `node scripts/check-commands.ts

  Runs every command of package.json with --help and with an unknown option.

exit 0: all tell what they should · 1: one does not · 2: unusable arguments`,
);

const UNKNOWN = '--no-such-option';
/** How many run side by side. */
const LANES = 2;

interface Trial {
  name: string;
  args: string[];
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const trials = Object.entries(scripts).flatMap(([name, command]): Trial[] => {
  const [program, ...args] = command.split(' ');
  if (program !== 'node' || !args[0]?.endsWith('.ts')) return [];
  return ['--help', UNKNOWN].map((arg) => ({ name: `${name} ${arg}`, args: [...args, arg] }));
});

const run = ({ args }: Trial): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });

const problemOf = async (trial: Trial): Promise<string | null> => {
  const { code, out, err } = await run(trial);
  const isHelp = trial.args.at(-1) === '--help';
  if (/^\s+at .*:\d+:\d+\)?$/m.test(err)) return `shows a stack trace: ${err.slice(0, 300)}`;
  if (code !== (isHelp ? 0 : 2)) return `ends with ${code}: ${(err || out).slice(0, 300)}`;
  if (isHelp) return /npm (run|test|start)|environment/.test(out) ? null : 'does not say how it is called';
  return err.includes(UNKNOWN) ? null : `does not name the option: ${err.slice(0, 300)}`;
};

const waiting = [...trials];
let failed = 0;
const work = async (): Promise<void> => {
  for (let trial = waiting.shift(); trial; trial = waiting.shift()) {
    const problem = await problemOf(trial);
    if (problem === null) continue;
    failed += 1;
    console.log(`npm run ${trial.name}: ${problem}`);
  }
};
await Promise.all(Array.from({ length: LANES }, work));
console.log(closingLine(trials.length - failed, failed));
process.exitCode = failed > 0 || trials.length === 0 ? 1 : 0;
