/** The source an org runs on, as files in one canonical layout, whatever folders a project keeps them in. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isLabelsFile, mergedLabels } from './labels.ts';
import { OBJECTS, type MetadataTypes } from './metadata-types.ts';
import type { Component, SourceTree } from './types.ts';

const META = /-meta\.xml$/;
const PACKAGE_DIRECTORY = 'force-app';
const STATIC_RESOURCES = 'staticresources';
/** Never part of what is deployed. */
const LEFT_OUT = new Set(['node_modules', '__tests__', '__mocks__']);

/** Reads the package directories of a project. A file that two of them have is taken from the later; labels from both. */
export const readTree = (types: MetadataTypes, packageDirectories: readonly string[]): SourceTree => {
  const tree = new Map<string, Uint8Array>();
  for (const directory of packageDirectories)
    for (const file of filesBelow(directory))
      put(tree, canonicalPath(types, relative(directory, file).split(sep)), readFileSync(file));
  return tree;
};

/** Puts a file into the tree, in place of what was there under its path. Labels that are not in it stay. */
const put = (tree: Map<string, Uint8Array>, path: string, content: Uint8Array): void => {
  const there = isLabelsFile(path) ? tree.get(path) : undefined;
  tree.set(path, there ? mergedLabels(there, content) : content);
};

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) return [path];
    return LEFT_OUT.has(entry.name) || entry.name.startsWith('.') ? [] : filesBelow(path);
  });

/** `main/default/classes/cases/A.cls` is `classes/A.cls`; bundles, objects and report folders keep what is below them. */
export const canonicalPath = (types: MetadataTypes, segments: string[]): string => {
  const name = segments.at(-1)!;
  for (const [index, directory] of segments.slice(0, -1).entries()) {
    if (!types.isDirectory(directory)) continue;
    const kept = segments.slice(index).join('/');
    if (directory === OBJECTS || directory === STATIC_RESOURCES) return kept;
    const type = types.of(directory, name.replace(META, ''));
    if (type === undefined) continue;
    return type.shape === 'bundle' || type.inFolder ? kept : `${directory}/${name}`;
  }
  return segments.join('/');
};

/** What the files of one component have in common, in lower case: names have none. */
export const componentKey = (types: MetadataTypes, path: string): string => {
  const [directory = '', first = '', ...deeper] = path.replace(META, '').split('/');
  if (directory === STATIC_RESOURCES) return `${directory}/${first.split('.')[0]}`.toLowerCase();
  const bundle = deeper.length > 0 && types.of(directory, '')?.shape === 'bundle';
  return (bundle ? `${directory}/${first}` : [directory, first, ...deeper].join('/')).toLowerCase();
};

/** The tree with the components put in place of what they name, and those of `removed` keys taken out. */
export const withComponents = (
  types: MetadataTypes,
  tree: SourceTree,
  components: readonly Component[],
  removed: ReadonlySet<string> = new Set(),
): SourceTree => {
  const added = components.flatMap(({ files }) => [...files]);
  const others = added.filter(([path]) => !isLabelsFile(path));
  const replaced = new Set([...others.map(([path]) => componentKey(types, path)), ...removed]);
  const after = new Map([...tree].filter(([path]) => !replaced.has(componentKey(types, path))));
  for (const [path, content] of added) put(after, path, content);
  return after;
};

/** Writes the tree as a project that the org can load. */
export const writeProject = (projectDir: string, tree: SourceTree, apiVersion: string): void => {
  mkdirSync(join(projectDir, PACKAGE_DIRECTORY), { recursive: true });
  const project = { packageDirectories: [{ path: PACKAGE_DIRECTORY, default: true }], sourceApiVersion: apiVersion };
  writeFileSync(join(projectDir, 'sfdx-project.json'), JSON.stringify(project));
  for (const [path, content] of tree) {
    const file = join(projectDir, PACKAGE_DIRECTORY, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
};

/** The tree's path of a file that `writeProject` wrote, given by its path below the project. */
export const treePath = (file: string): string => file.split(sep).join('/').replace(`${PACKAGE_DIRECTORY}/`, '');
