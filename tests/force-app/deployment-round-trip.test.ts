import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import { XMLParser } from 'fast-xml-parser';
import { readManifest } from '../../packages/local-org/src/deploy/manifest.ts';
import { MetadataTypes } from '../../packages/local-org/src/deploy/metadata-types.ts';
import { readComponents } from '../../packages/local-org/src/deploy/read-components.ts';
import { readZip } from '../../packages/local-org/src/deploy/read-zip.ts';
import { readTree } from '../../packages/local-org/src/deploy/source-tree.ts';
import type { SourceTree } from '../../packages/local-org/src/deploy/types.ts';
import { packageDirectories } from '../../scripts/metadata/package-directories.ts';

const types = new MetadataTypes();
const root = resolve(import.meta.dirname, '../..');

/** XML says the same in any order of elements of different names. */
const meaning = (path: string, content: Uint8Array): unknown => {
  const text = Buffer.from(content).toString('utf8');
  if (!path.endsWith('.xml')) return text;
  const parsed = new XMLParser({ ignoreAttributes: false, ignoreDeclaration: true }).parse(text) as Record<string, any>;
  const [name] = Object.keys(parsed);
  const { fullName: _, ...rest } = parsed[name!];
  return { [name!]: Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))) };
};

const meanings = (tree: SourceTree): Map<string, unknown> =>
  new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, content]) => [path, meaning(path, content)]));

test("what Salesforce's own tools make of the package directories comes back as its source", async () => {
  const folders = packageDirectories(root).map((path) => resolve(root, path));
  const set = ComponentSet.fromSource(folders);
  set.sourceApiVersion = '67.0';
  const { zipBuffer } = await new MetadataConverter().convert(set, 'metadata', { type: 'zip' });
  const [pack] = readZip(zipBuffer!);
  const listed = readManifest('package.xml', Buffer.from(pack!.files.get('package.xml')!).toString('utf8'));
  const { components, problems } = readComponents(types, pack!, listed);
  assert.deepEqual(problems, []);
  const converted = new Map(components.flatMap(({ files }) => [...files]));
  // TypeScript sources are not deployed: .forceignore.
  const source = new Map([...readTree(types, folders)].filter(([path]) => !/\.ts$|tsconfig\.json$/.test(path)));
  assert.deepEqual([...converted.keys()].sort(), [...source.keys()].sort());
  assert.deepEqual(meanings(converted), meanings(source));
});
