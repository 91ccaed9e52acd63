import { serve, type Handler } from 'kernel/http.ts';

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
  onError: (error: unknown) => void;
}

/** Serves until SIGTERM or SIGINT, then ends the process with 0. Prints one JSON line when it serves: `{url, controlUrl}`. */
export const serveProcess = async ({ api, control, run, close, onError }: ServedProcess): Promise<void> => {
  const open = ({ handler, port }: Served) => serve(handler, { port, onError });
  const stop = new AbortController();
  const served = await open(api);
  const controlled = control ? await open(control) : null;
  const running = run(stop.signal);
  const shutDown = async (): Promise<void> => {
    stop.abort(new Error('shutting down'));
    await Promise.all([served.close(), controlled?.close()]);
    await running;
    await close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void shutDown());
  process.on('SIGINT', () => void shutDown());
  // last: whoever reads it may end this process at once
  process.stdout.write(`${JSON.stringify({ url: served.url, controlUrl: controlled?.url ?? null })}\n`);
};
