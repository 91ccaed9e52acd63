import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** A limit in code, and the smaller one that takes its place: what only happens beyond it then happens among few records. */
export interface SmallerLimit {
  /** From the root of the project. */
  file: string;
  /** Stands in the file once. */
  limit: string;
  smaller: string;
}

/** A limit that a class keeps in an integer. */
export const smallerInteger = (file: string, name: string, limit: number, smaller: number): SmallerLimit => ({
  file,
  limit: `Integer ${name} = ${limit};`,
  smaller: `Integer ${name} = ${smaller};`,
});

const replaceOnce = (path: string, { limit, smaller }: SmallerLimit): void => {
  const [before, after, ...more] = readFileSync(path, 'utf8').split(limit);
  if (after === undefined || more.length > 0) throw new Error(`${path} does not have "${limit}" once`);
  writeFileSync(path, before + smaller + after);
};

/**
 * A Salesforce project with further package directories behind its own, and with smaller limits, in a folder of its own;
 * `remove` takes it away. Package directories without a smaller limit are used where they are.
 */
export const hostedProject = (
  projectDir: string,
  hosts: readonly string[],
  limits: readonly SmallerLimit[] = [],
): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-hosted-'));
  const project = JSON.parse(readFileSync(join(projectDir, 'sfdx-project.json'), 'utf8')) as {
    packageDirectories: { path: string }[];
  };
  const own = project.packageDirectories.map(({ path }) => {
    const within = limits.filter(({ file }) => file.startsWith(`${path}/`));
    if (within.length === 0) return join(projectDir, path);
    cpSync(join(projectDir, path), join(folder, path), { recursive: true });
    for (const each of within) replaceOnce(join(folder, each.file), each);
    return join(folder, path);
  });
  const packageDirectories = [...own, ...hosts].map((path) => ({ path: relative(folder, path) }));
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify({ ...project, packageDirectories }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
