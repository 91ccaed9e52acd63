/**
 * Writes which metadata types there are, in which folder and under which suffix, from the registry of
 * @salesforce/source-deploy-retrieve.
 * Usage: node packages/local-org/catalogues/generate-metadata-types.ts
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

interface RegistryType {
  name: string;
  directoryName: string;
  suffix?: string;
  inFolder?: boolean;
  strategies?: { adapter?: string };
  aliasFor?: string;
}

const TARGET = 'src/deploy/generated/metadata-types.json';

/** How a component lies in a zip: one XML file, a content file with XML beside it, or a folder of files. */
const SHAPE_OF_ADAPTER: Record<string, 'content' | 'bundle'> = {
  matchingContentFile: 'content',
  mixedContent: 'content',
  bundle: 'bundle',
  digitalExperience: 'bundle',
  uiBundles: 'bundle',
};

const require = createRequire(import.meta.url);
const registry = require('@salesforce/source-deploy-retrieve/lib/src/registry/metadataRegistry.json') as {
  types: Record<string, RegistryType>;
};

const lines = Object.values(registry.types)
  .filter(({ aliasFor }) => aliasFor === undefined)
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ name, directoryName, suffix, inFolder, strategies }) => {
    const shape = SHAPE_OF_ADAPTER[strategies?.adapter ?? ''] ?? 'xml';
    const entry = { directory: directoryName, ...(suffix ? { suffix } : {}), ...(inFolder ? { inFolder } : {}), shape };
    return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
  });
const generated = 'by catalogues/generate-metadata-types.ts; do not edit';
writeFileSync(
  resolve(import.meta.dirname, '..', TARGET),
  `{"$generated":${JSON.stringify(generated)},\n"types":{\n${lines.join(',\n')}\n}}\n`,
);
console.log(`${TARGET}: ${lines.length} types`);
