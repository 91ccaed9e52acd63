import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface ProjectWith {
  folder: string;
  remove(): void;
}

/** This project with one more package directory, as an admin adds metadata of their own. */
export const projectWith = (path: string): ProjectWith => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-project-'));
  const project = JSON.parse(readFileSync(join(ROOT, 'sfdx-project.json'), 'utf8')) as {
    packageDirectories: { path: string }[];
  };
  for (const name of ['force-app', 'samples', 'tests']) symlinkSync(join(ROOT, name), join(folder, name));
  project.packageDirectories.push({ path });
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify(project));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
