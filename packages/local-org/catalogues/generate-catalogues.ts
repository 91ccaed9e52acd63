/**
 * Writes the type catalogue of the compiler and the standard objects of the store from the public
 * jars io.github.apex-dev-tools:standard-types and sobject-types, each with its overlay.
 * Usage: node packages/local-org/catalogues/generate-catalogues.ts <standard-types.jar> <sobject-types.jar>
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseClassFile } from './class-file.ts';
import type { ClassFile } from './class-file.ts';
import { readClassFiles } from './jar.ts';
import { buildObjectCatalogue } from './objects.ts';
import type { ObjectOverlay } from './objects.ts';
import { buildTypeCatalogue } from './types.ts';
import type { TypeOverlay } from './types.ts';

const root = resolve(import.meta.dirname, '..');
const generated = 'by catalogues/generate-catalogues.ts; do not edit, change catalogues/*-overlay.json instead';

function classesOf(jar: string): ClassFile[] {
  return [...readClassFiles(jar).values()].map(parseClassFile);
}

function overlay<T>(name: string): T {
  return JSON.parse(readFileSync(resolve(root, 'catalogues', name), 'utf8')) as T;
}

/** One entry a line, so that a change of one type is a change of one line. */
function write(path: string, key: string, entries: Record<string, unknown>): void {
  const lines = Object.entries(entries).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const file = resolve(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `{"$generated":${JSON.stringify(generated)},\n"${key}":{\n${lines.join(',\n')}\n}}\n`);
  console.log(`${path}: ${lines.length} ${key}`);
}

const [typesJar, objectsJar] = process.argv.slice(2);
if (typesJar === undefined || objectsJar === undefined) {
  console.error(
    'Usage: node packages/local-org/catalogues/generate-catalogues.ts <standard-types.jar> <sobject-types.jar>',
  );
  process.exit(2);
}
const standardClasses = classesOf(typesJar);
const types = buildTypeCatalogue(standardClasses, overlay<TypeOverlay>('type-overlay.json'));
write('src/compiler/generated/type-catalogue.json', 'types', types.types);
const objects = buildObjectCatalogue(classesOf(objectsJar), overlay<ObjectOverlay>('object-overlay.json'));
write('src/store/generated/standard-objects.json', 'objects', objects);
