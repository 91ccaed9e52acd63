/**
 * Which lines do the tests run? Prints a table for TypeScript (by folder) and for Apex (by class, least covered
 * first), and writes both as lcov into coverage/, for editors.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { apexCoverage } from './testing/apex-coverage.ts';
import { folderRows, type FileCoverage } from './testing/coverage-table.ts';
import { lcovOf } from './testing/lcov.ts';
import { nodeCoverage } from './testing/node-coverage.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = new URL('../coverage/', import.meta.url);

const USAGE = `npm run coverage -- [node|apex] [TEST FILE…]

  Which lines the tests run: a table for TypeScript, by folder, and one for Apex, by class; both as lcov in coverage/.
  Without arguments both, with all tests.

exit 0: all tests passed · 1: one failed · 2: unusable arguments`;

const [suite, ...patterns] = readArgsOrExit({ options: {}, allowPositionals: true }, USAGE).positionals;
if (suite !== undefined && suite !== 'node' && suite !== 'apex')
  exitUnusable(`there is no coverage of ${suite}\n\n${USAGE}`);

const share = (covered: number, all: number): string => (all === 0 ? '' : `${((100 * covered) / all).toFixed(1)}%`);

const printTable = (title: string, rows: readonly { name: string; covered: number; all: number }[]): void => {
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length));
  console.log(`\n${title.padEnd(width)}   lines  covered`);
  for (const { name, covered, all } of rows)
    console.log(`${name.padEnd(width)}  ${String(all).padStart(6)}  ${share(covered, all).padStart(7)}`);
};

const report = async (name: string, title: string, files: FileCoverage[], byFolder: boolean): Promise<void> => {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(`${name}.lcov`, FOLDER), lcovOf(files));
  const rows = files.map(({ path, lines }) => ({
    name: path,
    all: lines.size,
    covered: [...lines.values()].filter((count) => count > 0).length,
  }));
  const shown = byFolder ? folderRows(rows) : rows.sort((a, b) => a.covered / a.all - b.covered / b.all);
  printTable(title, shown);
  const sum = (key: 'covered' | 'all'): number => rows.reduce((total, row) => total + row[key], 0);
  console.log(`all: ${share(sum('covered'), sum('all'))} of ${sum('all')} lines; coverage/${name}.lcov`);
};

let failed = 0;
if (suite !== 'apex') {
  const { files, failures } = await nodeCoverage(ROOT, patterns);
  failed += failures;
  await report('typescript', 'TypeScript', files, true);
}
if (suite !== 'node') {
  const { files, failures } = apexCoverage(ROOT, patterns);
  failed += failures;
  await report('apex', 'Apex', files, false);
}
process.exitCode = failed > 0 ? 1 : 0;
