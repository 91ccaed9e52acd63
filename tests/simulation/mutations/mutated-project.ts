import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceOnce } from './replace-once.ts';
import type { Mutation } from './types.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The Salesforce project. */
const PROJECT = ['sfdx-project.json', 'force-app', 'samples'];

/** Runs `work` with a copy of the Salesforce project in which one class is changed. */
export const withMutatedProject = async <T>(
  mutation: Mutation,
  work: (projectDir: string) => Promise<T>,
): Promise<T> => {
  const projectDir = mkdtempSync(join(tmpdir(), 'concord-mutation-'));
  try {
    for (const name of PROJECT) cpSync(join(ROOT, name), join(projectDir, name), { recursive: true });
    const path = join(projectDir, mutation.file);
    writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), mutation));
    return await work(projectDir);
  } finally {
    rmSync(projectDir, { recursive: true, force: true });
  }
};
