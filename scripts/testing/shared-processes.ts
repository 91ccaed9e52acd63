/**
 * Test files that share a process. To start one, to load the org and to make its first program takes most of the time of
 * many a file: 97 files that need 81 s of processor time by themselves need 33 s together.
 *
 * Files of a shared process change nothing that belongs to it (environment, working directory, globals), and hooks for all
 * of their tests stand within a `describe`: at the top they would be hooks of the others too. A test checks both.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LONGEST } from './file-times.ts';

/** Folders, each of which is one process. A file that takes long is none of it: it would make its process the last. */
export const SHARED_PROCESSES = ['api', 'platform', 'runtime', 'store'].map(
  (part) => `packages/local-org/tests/${part}`,
);

export interface TestProcess {
  /** A file, or the folder of several. */
  name: string;
  files: string[];
}

/** Which files run together, in the order in which they begin: each file is in one process. */
export const testProcesses = (files: readonly string[]): TestProcess[] => {
  const together = SHARED_PROCESSES.map((name) => ({
    name,
    files: files.filter((file) => file.startsWith(`${name}/`) && !LONGEST.includes(file)).sort(),
  })).filter((process) => process.files.length > 1);
  const shared = new Set(together.flatMap((process) => process.files));
  const alone = (chosen: (file: string) => boolean): TestProcess[] =>
    files.filter((file) => !shared.has(file) && chosen(file)).map((file) => ({ name: file, files: [file] }));
  const isLong = (file: string): boolean => LONGEST.includes(file);
  return [...alone(isLong), ...together, ...alone((file) => !isLong(file))];
};

/** Gives `work` a file to run for each process, with the name that it stands for. Files that were written for it are gone afterwards. */
export const withEntries = async <T>(
  processes: readonly TestProcess[],
  work: (entries: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-tests-'));
  const entryOf = ({ name, files }: TestProcess, index: number): [file: string, name: string] => {
    if (files.length === 1) return [resolve(files[0]!), name];
    const entry = join(folder, `${index}.test.mjs`);
    writeFileSync(
      entry,
      files.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)};\n`).join(''),
    );
    return [entry, `${name} (${files.length} files)`];
  };
  try {
    return await work(new Map(processes.map(entryOf)));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
