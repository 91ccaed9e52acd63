import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface ProjectWith {
  folder: string;
  remove(): void;
}

interface Project {
  packageDirectories: { path: string; default?: boolean }[];
}

/** This project with one more package directory, as an admin adds metadata of their own. */
export const projectWith = (path: string): ProjectWith => projectOf([''], path);

/** A project of those package directories of this one whose path begins so, and of more. */
export const projectOf = (beginnings: readonly string[], ...added: string[]): ProjectWith => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-project-'));
  const project = JSON.parse(readFileSync(join(ROOT, 'sfdx-project.json'), 'utf8')) as Project;
  const kept = project.packageDirectories.filter(({ path }) =>
    beginnings.some((beginning) => path.startsWith(beginning)),
  );
  for (const name of ['force-app', 'samples', 'tests']) symlinkSync(join(ROOT, name), join(folder, name));
  writeFileSync(
    join(folder, 'sfdx-project.json'),
    JSON.stringify({ ...project, packageDirectories: [...kept, ...added.map((path) => ({ path }))] }),
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
