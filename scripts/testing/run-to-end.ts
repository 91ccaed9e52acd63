import { spawn } from 'node:child_process';

/**
 * Runs `node` with these arguments to its end, whatever its exit code: the report that it writes says how it went. What it
 * prints comes in one piece at its end, for another suite prints meanwhile; `quiet`: only its errors.
 */
export const runToEnd = (args: readonly string[], { quiet = false } = {}): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', quiet ? 'ignore' : 'pipe', 'pipe'] });
    const printed: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.once('error', reject);
    child.once('close', () => {
      process.stdout.write(Buffer.concat(printed));
      resolve();
    });
  });
