import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** One metadata file in source format: `objects/Case/fields/A__c.field-meta.xml` has suffix `field` and name `A__c`. */
export interface MetadataFile {
  path: string;
  suffix: string;
  name: string;
  /** For what lies under an object's folder: the object's name. */
  object: string | null;
}

const FILE = /^(.*)\.([A-Za-z]+)-meta\.xml$/;
/** Bundles: their files belong to the compiler of components, not to the store. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'lwc', 'aura', '__tests__']);

/** All metadata files under the package directories, in a stable order. */
export function findMetadata(packageDirs: string[]): MetadataFile[] {
  return packageDirs.flatMap((dir) => walk(dir));
}

function walk(dir: string): MetadataFile[] {
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry): MetadataFile[] => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) || entry.name.startsWith('.') ? [] : walk(path);
    const match = FILE.exec(entry.name);
    return match === null ? [] : [{ path, suffix: match[2]!, name: match[1]!, object: objectOf(path) }];
  });
}

/** `objects/Case/Case.object-meta.xml` and `objects/Case/fields/A__c.field-meta.xml` both belong to Case. */
function objectOf(path: string): string | null {
  const folder = dirname(path);
  if (basename(dirname(folder)) === 'objects') return basename(folder);
  const parent = dirname(folder);
  return basename(dirname(parent)) === 'objects' ? basename(parent) : null;
}
