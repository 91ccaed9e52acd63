/**
 * Checks the Apex of the project with two independent tools, each counting as one test. They come
 * from Maven Central (config/apex-tools/pom.xml) and need Java 17.
 */
import { resolve } from 'node:path';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { apexLsFindings } from './apex-checks/apex-ls.ts';
import { pmdFindings } from './apex-checks/pmd.ts';
import { apexSources } from './metadata/package-directories.ts';
import { closingLine } from './testing/suite.ts';

const { positionals } = readArgsOrExit(
  { options: {}, allowPositionals: true },
  `npm run check:apex -- [PROJECT FOLDER]

  Checks the Apex of a project (default: this one) with apex-ls and PMD. They come from Maven Central and need Java 17.

exit 0: no findings · 1: findings, or no Apex · 2: unusable arguments`,
);
const workspace = resolve(positionals[0] ?? '.');
const sources = apexSources(workspace);
const tools = { 'apex-ls': apexLsFindings, PMD: pmdFindings };

let failed = 0;
if (sources.length === 0) {
  console.error('There is no Apex in the package directories of sfdx-project.json.');
  failed = Object.keys(tools).length;
}
for (const [name, findings] of sources.length === 0 ? [] : Object.entries(tools)) {
  const found = findings(workspace);
  if (found.length > 0) failed++;
  console.log(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${sources.length} files, ${found.length} findings`);
  for (const { path, line, text } of found) console.log(`  ${path}:${line} ${text}`);
}
console.log(closingLine(Object.keys(tools).length - failed, failed));
process.exitCode = failed === 0 ? 0 : 1;
