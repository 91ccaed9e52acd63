import { spawn, type StdioOptions } from 'node:child_process';

/** Runs `node` with these arguments to its end, whatever its exit code: the report that it writes says how it went. */
export const runToEnd = (args: readonly string[], stdio: StdioOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
