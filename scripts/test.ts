/** Runs the test suites and sums up. Fails if a test fails or a suite ran no test. */
import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { runApexTests } from './testing/apex-suite.ts';
import { shareCaches } from './testing/caches.ts';
import { runLwcTests } from './testing/lwc-suite.ts';
import { runNodeTests, runSlowTests } from './testing/node-suite.ts';
import { closingLine } from './testing/suite.ts';
import type { Suite, SuiteResult } from './testing/suite.ts';

const SUITES: Readonly<Record<string, Suite>> = {
  node: runNodeTests,
  lwc: runLwcTests,
  apex: runApexTests,
  slow: runSlowTests,
};
/** What `npm test` runs. */
const ALL = ['node', 'lwc', 'apex'];

const USAGE = `npm test
npm run test:node|test:lwc|test:apex|test:slow -- [TEST FILE…]

  Runs the test suites: TypeScript, components, Apex; by its name alone, TypeScript that takes long. Test files may be
  patterns.

exit 0: all passed · 1: one failed, or a suite ran no test · 2: unusable arguments`;

const [name, ...patterns] = readArgsOrExit({ options: {}, allowPositionals: true }, USAGE).positionals;
if (name !== undefined && SUITES[name] === undefined)
  exitUnusable(`there is no suite ${name}; there are ${Object.keys(SUITES).join(', ')}\n\n${USAGE}`);

shareCaches();
// Beside each other, so that no core rests while a file waits, nor at the end of a suite: the first suite takes longest,
// and ends with many short files.
const chosen = name === undefined ? ALL : [name];
const results = await Promise.all(chosen.map((suite): Promise<SuiteResult> => SUITES[suite]!(patterns)));

const empty = results.filter((result) => result.passed + result.failed === 0);
console.log();
for (const result of results) {
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  console.log(`${result.name}: ${closingLine(result.passed, result.failed)}${skipped}`);
}
for (const result of empty) console.error(`${result.name}: no test ran`);

const sum = (key: 'passed' | 'failed'): number => results.reduce((total, result) => total + result[key], 0);
const failed = sum('failed') + empty.length;
console.log(closingLine(sum('passed'), failed));
process.exitCode = failed === 0 ? 0 : 1;
