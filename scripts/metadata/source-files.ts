import { globSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ForceIgnore } from '@salesforce/source-deploy-retrieve';
import type { ComponentSet, SourceComponent } from '@salesforce/source-deploy-retrieve';

/** Files of the package directories that a deploy would look at. */
export function deployableFiles(directories: string[]): string[] {
  const ignore = new ForceIgnore(resolve('.forceignore'));
  return directories
    .flatMap((directory) => globSync(`${directory}/**/*`))
    .filter((path) => statSync(path).isFile())
    .map((path) => resolve(path))
    .filter((path) => ignore.accepts(path));
}

/** Files that belong to a component, or to a child of one, such as a field of an object. */
export function resolvedFiles(set: ComponentSet): Set<string> {
  const files = new Set<string>();
  for (const component of set.getSourceComponents()) {
    for (const part of [component, ...component.getChildren()]) {
      for (const path of filesOf(part)) files.add(path);
    }
  }
  return files;
}

export function filesOf(component: SourceComponent): string[] {
  const xml = component.xml === undefined ? [] : [component.xml];
  return [...xml, ...component.walkContent()];
}
