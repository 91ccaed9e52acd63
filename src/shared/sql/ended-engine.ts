import type { Extension, PGlite } from '@electric-sql/pglite';

/** What of PGlite's engine is called here: functions of the module that PostgreSQL was compiled to. */
type Engine = Record<string, (...args: unknown[]) => unknown> & {
  FS: { streams: unknown[]; close(stream: unknown): void };
};

/** All that a call into the database passes. `stackRestore` leaves the loop in which PGlite would else ask again for ever. */
const ENTRIES = ['_PostgresMainLoopOnce', 'stackRestore', '_PostgresSendReadyForQueryIfNecessary', '_pgl_pq_flush'];

/** The engine of an embedded database has ended: see `watchEngine`. */
export class EngineEnded extends Error {
  override name = 'EngineEnded';
}

/** An engine as it is started, and what became of it. */
export interface WatchedEngine {
  /** To be given to PGlite. */
  extension: Extension;
  hasEnded: () => boolean;
  /** Why it ended, as PostgreSQL's log says. */
  lastWords: () => string;
}

/** The line of PostgreSQL's log after which nothing comes. */
const LAST_WORDS = /(?:PANIC|FATAL):\s+(.*)/;

const engineOf = (db: unknown): Engine => (db as { mod: Engine }).mod;

/**
 * PostgreSQL ends (PANIC) when it cannot write its log; a server starts again and replays it. PGlite goes on within what has
 * ended, and its next call never returns: the process stands still, and not even a signal ends it. This makes every call
 * reject with EngineEnded from there on, the one that is under way, too.
 */
export const watchEngine = (): WatchedEngine => {
  let ended = false;
  let lastWords = 'it gave no reason';
  const extension: Extension = {
    name: 'watch the engine',
    setup: async (db, options: { printErr: (line: string) => void }) => ({
      emscriptenOpts: {
        ...options,
        onAbort: () => (ended = true),
        printErr: (line: string) => {
          lastWords = LAST_WORDS.exec(line)?.[1] ?? lastWords;
          options.printErr(line);
        },
      },
      init: async () => {
        const engine = engineOf(db);
        for (const name of ENTRIES) {
          const call = engine[name]!;
          engine[name] = (...args) => {
            if (ended) throw new EngineEnded(`the embedded database has ended: ${lastWords}`);
            return call(...args);
          };
        }
      },
    }),
  };
  return { extension, hasEnded: () => ended, lastWords: () => lastWords };
};

/** Closes the files of an engine that has ended, and does nothing else: what ended must not write any more. */
export const closeFilesOf = (db: PGlite): void => {
  const { FS } = engineOf(db);
  for (const stream of FS.streams)
    try {
      if (stream) FS.close(stream);
    } catch {
      // closed, or never a file
    }
};
