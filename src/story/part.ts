import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { COMPILED_MODULES } from '../shared/cache-folder.ts';
import { engineFlags } from '../shared/engine-flags.ts';
import { controlOf, type Control } from './control.ts';

export interface PartAddress {
  /** Null: it was not asked for a control port. */
  controlUrl: string | null;
}

/** A part of Concord that runs as its own process. `A`: what else its JSON line says. */
export type Part<A = { url: string }> = RunningPart & A;

interface RunningPart extends PartAddress {
  control: Control;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts `node entry` with `environment` on top of the current one; resolves when the process has
 * printed its one JSON line. Its log lines go to `onLog`; `controlToken` is what its control port was told to ask for.
 */
export const startPart = <A = { url: string }>(
  name: string,
  [entry, ...flags]: [entry: string, ...flags: string[]],
  environment: Record<string, string>,
  { onLog = () => {}, controlToken = '' }: { onLog?: (line: string) => void; controlToken?: string } = {},
): Promise<Part<A>> =>
  new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [...engineFlags(), entry, ...flags], {
      env: { NODE_COMPILE_CACHE: COMPILED_MODULES, ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const tail: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => {
      tail.push(line);
      if (tail.length > 20) tail.shift();
      onLog(line);
    });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    };
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`${name} ended with ${signal ?? `code ${code}`} before it served:\n${tail.join('\n')}`)),
    );
    createInterface({ input: child.stdout! }).once('line', (line) => {
      const address = JSON.parse(line) as PartAddress & A;
      const control = controlOf(address.controlUrl ?? '', controlToken);
      resolve({ ...address, control, kill: end('SIGKILL'), stop: end('SIGTERM') });
    });
  });
