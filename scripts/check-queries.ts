/**
 * Checks that every query on an object that grows with the synced records leads with a positive filter on an indexed
 * field, in Apex and in TypeScript. Counts as one test.
 * Usage: node scripts/check-queries.ts [project folder]
 */
import { resolve } from 'node:path';
import { findings } from './queries/check.ts';
import { closingLine } from './testing/suite.ts';

const { files, queries, found } = findings(resolve(process.argv[2] ?? '.'));
for (const { path, line, text } of found) console.log(`  ${path}:${line} ${text}`);
const failed = found.length > 0 || queries === 0 ? 1 : 0;
console.log(`${failed ? 'FAILED' : 'ok    '} queries: ${queries} in ${files} files, ${found.length} findings`);
console.log(closingLine(1 - failed, failed));
process.exitCode = failed;
