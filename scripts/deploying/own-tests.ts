import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const TEST_METHOD = /@IsTest\s+static\b/i;

/** Names of the classes in these folders that have test methods. */
export const ownTests = (folders: readonly string[]): string[] =>
  folders
    .flatMap((folder) => globSync('**/*.cls', { cwd: folder }).map((path) => join(folder, path)))
    .filter((path) => TEST_METHOD.test(readFileSync(path, 'utf8')))
    .map((path) => basename(path, '.cls'))
    .sort();
