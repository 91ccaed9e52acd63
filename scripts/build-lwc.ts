/**
 * Writes the JavaScript of the Lightning components beside their TypeScript, and the paths TypeScript
 * needs to find them. The platform takes JavaScript only, and what is not there it does not miss.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { componentSources, stripTypes } from './lwc/components.ts';
import { PATHS_FILE, pathsFileText } from './lwc/paths.ts';

const { values } = readArgsOrExit(
  { options: { check: { type: 'boolean', default: false } } },
  `npm run build:lwc -- [--check]

  Writes the JavaScript of the Lightning components beside their TypeScript.
  --check  writes nothing, and fails if a file is missing or older than its source

exit 0: done · 1: --check found one · 2: unusable arguments`,
);

const wanted = new Map([[PATHS_FILE, pathsFileText()]]);
for (const { source, output } of componentSources()) wanted.set(output, stripTypes(source));

const stale = [...wanted].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
if (values.check) {
  for (const [path] of stale) console.error(`${path} is missing or out of date: run \`npm run build:lwc\``);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(path);
  }
}
