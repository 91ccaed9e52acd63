import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineFlags } from '../../src/shared/engine-flags.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface ScriptResult {
  status: number;
  /** What it wrote, on both streams. */
  output: string;
}

/** Runs one of the project's scripts in a process of its own. */
export const runScript = (
  script: string,
  args: string[],
  show: (text: string) => void = () => {},
): Promise<ScriptResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...engineFlags(), script, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      show(chunk.toString('utf8'));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
