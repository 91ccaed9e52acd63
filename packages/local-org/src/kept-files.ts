/** Files that only save time: whatever is lost, broken or too old is made again. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An entry this old is dropped when others are written; what is still in use is made once more. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Of more than this, the oldest entries are dropped when others are written. */
const KEPT_BYTES = 256 * 1024 * 1024;

export const sha256 = (...texts: string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('base64url');
};

/** Hash of the program text below a folder, TypeScript or what was made of it. */
export const hashOfSources = (folder: string): string =>
  sha256(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[jt]s$/.test(name))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );

/** Values of one kind in a folder that processes may share, each in a file of its own, named by its key. */
export class KeptFiles<T> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null where there is no entry, or none that can be read. */
  read(key: string): T | null {
    try {
      return JSON.parse(readFileSync(this.#path(key), 'utf8')) as T;
    } catch {
      return null;
    }
  }

  /** Where nothing can be written, all is made again at each start. */
  write(entries: ReadonlyMap<string, T>): void {
    if (entries.size === 0) return;
    try {
      mkdirSync(this.#folder, { recursive: true });
      this.#dropOld();
      for (const [key, value] of entries) {
        // Several processes may write at once: none must see half a file.
        const draft = join(this.#folder, `${key}.${process.pid}.${Math.trunc(performance.now() * 1000)}`);
        writeFileSync(draft, JSON.stringify(value));
        renameSync(draft, this.#path(key));
      }
    } catch {
      // What cannot be written is made again at each start.
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.json`);
  }

  #dropOld(): void {
    const files = readdirSync(this.#folder).flatMap((name) => {
      const path = join(this.#folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ path, written: stats.mtimeMs, bytes: stats.size }];
    });
    let bytes = 0;
    for (const file of files.sort((a, b) => b.written - a.written)) {
      bytes += file.bytes;
      if (bytes > KEPT_BYTES || file.written < Date.now() - KEPT_MS) rmSync(file.path, { force: true });
    }
  }
}
