/**
 * Checks that every query on an object that grows with the synced records leads with a positive filter on an indexed
 * field, in Apex and in TypeScript. Counts as one test.
 */
import { resolve } from 'node:path';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { findings } from './queries/check.ts';
import { closingLine } from './testing/suite.ts';

const { positionals } = readArgsOrExit(
  { options: {}, allowPositionals: true },
  `node scripts/check-queries.ts [PROJECT FOLDER]

  Checks that every query on an object that grows leads with a positive filter on an indexed field.

exit 0: no findings · 1: findings, or no queries · 2: unusable arguments`,
);
const { files, queries, found } = findings(resolve(positionals[0] ?? '.'));
for (const { path, line, text } of found) console.log(`  ${path}:${line} ${text}`);
const failed = found.length > 0 || queries === 0 ? 1 : 0;
console.log(`${failed ? 'FAILED' : 'ok    '} queries: ${queries} in ${files} files, ${found.length} findings`);
console.log(closingLine(1 - failed, failed));
process.exitCode = failed;
