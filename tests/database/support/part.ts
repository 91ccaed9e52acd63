import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COMPILED_MODULES } from '../../../src/shared/cache-folder.ts';
import { engineFlags } from '../../../src/shared/engine-flags.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The programs of the parts that keep a database. */
export const MIDDLE_LAYER = file('src/middle-layer/main.ts');
export const REGISTRY = file('src/external-system/main.ts');
export const SERVICE_APP = file('src/service-app/main.ts');

/** A part as a process of its own. */
export interface Part {
  url: string;
  child: ChildProcess;
  /** What it has said on standard error so far. */
  words: () => string;
  stop(): Promise<number | null>;
}

/** How a process that did not come to serve ended. */
export class PartEnded extends Error {
  readonly code: number | null;

  constructor(code: number | null, words: string) {
    super(`ended with ${code}:\n${words}`);
    this.code = code;
  }
}

/** Starts a part; rejects with PartEnded when it ends before it serves. `before`: a shell command of which it inherits limits, such as `umask 0`. */
export const startPart = (main: string, env: Record<string, string>, before = ':'): Promise<Part> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', `${before}; exec "$0" "$@"`, process.execPath, ...engineFlags(), main], {
      env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: COMPILED_MODULES, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = (): unknown => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    void ended.then((code) => reject(new PartEnded(code, said)));
    const stop = async (): Promise<number | null> => {
      child.kill('SIGTERM');
      return ended;
    };
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve({ url: (JSON.parse(line) as { url: string }).url, child, words: () => said, stop }),
    );
  });
