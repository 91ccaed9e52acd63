import { serve, type Handler } from 'kernel/http.ts';
import { startExitCode } from './sql/open.ts';

export interface Served {
  handler: Handler;
  /** 0: any that is free. */
  port: number;
}

/** A part as a process of its own. */
export interface ServedProcess {
  api: Served;
  /** Null: no control port. */
  control: Served | null;
  /** Works in the background until the signal aborts. */
  run: (signal: AbortSignal) => Promise<void>;
  /** Closes what it worked on, last of all. */
  close: () => Promise<void>;
  /** Resolves with the reason for which the process has to end: a newer program has migrated its database. Absent: nobody watches that. */
  outdated?: Promise<Error>;
  onError: (error: unknown) => void;
}

/** Serves until SIGTERM or SIGINT, then ends the process with 0; once it is outdated, with 1 and its reason told to `onError`. Prints one JSON line when it serves: `{url, controlUrl}`. */
export const serveProcess = async ({ api, control, run, close, outdated, onError }: ServedProcess): Promise<void> => {
  const open = ({ handler, port }: Served) => serve(handler, { port, onError });
  const stop = new AbortController();
  const served = await open(api);
  const controlled = control ? await open(control) : null;
  const running = run(stop.signal);
  const shutDown = async (exitCode: number): Promise<void> => {
    stop.abort(new Error('shutting down'));
    await Promise.all([served.close(), controlled?.close()]);
    await running;
    await close();
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => void shutDown(0));
  process.on('SIGINT', () => void shutDown(0));
  void outdated?.then((error) => {
    onError(error);
    return shutDown(startExitCode(error));
  });
  // last: whoever reads it may end this process at once
  process.stdout.write(`${JSON.stringify({ url: served.url, controlUrl: controlled?.url ?? null })}\n`);
};
