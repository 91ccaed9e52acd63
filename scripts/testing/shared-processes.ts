/**
 * Test files that share a process. To start one, to load what is tested, and to make its first program or database takes
 * most of the time of many a file: 97 files of the local org that need 81 s of processor time by themselves need 33 s
 * together.
 *
 * Files of a shared process change nothing that belongs to it (environment, working directory, globals), and hooks before
 * their tests stand within a `describe`: at the top they would be hooks of the others too. A file that does so all the
 * same has a process of its own.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LONGEST } from './file-times.ts';

/** The folders whose files share a process: a line for each process, the longest first, and last what needs the project's Apex. */
export const SHARED_PROCESSES: readonly (readonly string[])[] = [
  ['tests/middle-layer'],
  ['packages/local-org/tests/api'],
  ['packages/local-org/tests/platform'],
  ['packages/local-org/tests/runtime'],
  ['packages/local-org/tests/store'],
  ['packages/local-org/tests/compiler', 'packages/local-org/tests/deploy', 'packages/local-org/tests/dev-hub'],
  ['tests/contract', 'tests/feeds', 'tests/service-app'],
  ['packages/kernel/tests', 'tests/bench', 'tests/config', 'tests/docs', 'tests/reconciliation'],
  ['tests/flows', 'tests/scripts', 'tests/simulation', 'tests/story'],
];

export interface TestProcess {
  /** A file, or the folders of several. */
  name: string;
  files: string[];
}

/** What a file would do to the others of its process, by which it is known to need one of its own. */
const DISTURBING = [
  // hooks at the top
  /^(before|beforeEach|afterEach)\(/m,
  // the environment, which the others read
  /(process\.env(\.\w+|\[[^\]]+\]) *\??\??=[^=]|delete process\.env|assign\(process\.env)/,
  /process\.chdir\(|process\.exitCode *=|process\.exit\(/,
];

/** Whether a file cannot share a process. One that takes long does not either: it would make its process the last. */
export const needsOwnProcess = (file: string): boolean => {
  if (LONGEST.includes(file)) return true;
  const text = readFileSync(file, 'utf8');
  return DISTURBING.some((pattern) => pattern.test(text));
};

/**
 * Which files run together, in the order in which they begin: each file is in one process. Those that share begin, the
 * longest of all first: they need nothing of the project's Apex, which in a fresh clone the Apex suite compiles meanwhile
 * for all. Then the long files, then the others, of which the last are soon over.
 */
export const testProcesses = (files: readonly string[]): TestProcess[] => {
  const together = SHARED_PROCESSES.map((folders) => ({
    name: folders.join(', '),
    files: files
      .filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)) && !needsOwnProcess(file))
      .sort(),
  })).filter((process) => process.files.length > 1);
  const shared = new Set(together.flatMap((process) => process.files));
  const alone = (chosen: (file: string) => boolean): TestProcess[] =>
    files.filter((file) => !shared.has(file) && chosen(file)).map((file) => ({ name: file, files: [file] }));
  const isLong = (file: string): boolean => LONGEST.includes(file);
  return [...together, ...alone(isLong), ...alone((file) => !isLong(file))];
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
    const modules = [join(import.meta.dirname, 'thorough-engine.ts'), ...files.map((file) => resolve(file))];
    writeFileSync(entry, modules.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(''));
    return [entry, `${name} (${files.length} files)`];
  };
  try {
    return await work(new Map(processes.map(entryOf)));
  } finally {
    rmSync(folder, { recursive: true });
  }
};
