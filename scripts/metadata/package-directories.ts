import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SfdxProject {
  packageDirectories: { path: string }[];
  sourceApiVersion: string;
}

export const readProject = (root: string): SfdxProject =>
  JSON.parse(readFileSync(join(root, 'sfdx-project.json'), 'utf8')) as SfdxProject;

/** The folders that `sf project deploy start` would deploy, in the order of sfdx-project.json, relative to the project. */
export const packageDirectories = (root: string): string[] =>
  readProject(root).packageDirectories.map(({ path }) => path);

/** The Apex files in them, relative to the project. */
export const apexSources = (root: string): string[] =>
  packageDirectories(root).flatMap((directory) => globSync(`${directory}/**/*.{cls,trigger}`, { cwd: root }));
