import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** A Salesforce project with further package directories behind its own, in a folder of its own; `remove` takes it away. */
export const hostedProject = (projectDir: string, hosts: readonly string[]): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-hosted-'));
  const project = JSON.parse(readFileSync(join(projectDir, 'sfdx-project.json'), 'utf8')) as {
    packageDirectories: { path: string }[];
  };
  const directories = [...project.packageDirectories.map(({ path }) => join(projectDir, path)), ...hosts];
  const packageDirectories = directories.map((path) => ({ path: relative(folder, path) }));
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify({ ...project, packageDirectories }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
