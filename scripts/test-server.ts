/**
 * Runs on a PostgreSQL server what otherwise runs on the embedded database, and what only a server can show: outages.
 * Finds PostgreSQL, or installs it where it may; without any it says so and runs nothing. Makes a server of its own.
 */
import { spawnSync } from 'node:child_process';
import { shareCaches } from './testing/caches.ts';
import { runNodeTests } from './testing/node-suite.ts';
import { findPostgres } from './testing/postgres/find.ts';
import { installPostgres } from './testing/postgres/install.ts';
import { startPostgres } from './testing/postgres/server.ts';
import { closingLine } from './testing/suite.ts';

const SUITES = [
  'tests/database/*.test.ts',
  'tests/contract/middle-layer/*.test.ts',
  'tests/middle-layer/*.test.ts',
  'tests/external-system/*.test.ts',
];
const SIMULATED_SEEDS = 20;

const hindrance = findPostgres() === null ? installPostgres() : null;
if (hindrance) {
  console.log(`skipped: the server database. ${hindrance}`);
  console.log(closingLine(0, 0));
  process.exit(0);
}
shareCaches();
const server = await startPostgres();
process.env.DATABASE_URL = server.url;
process.env.CONCORD_SERVER_TESTS = '1';
const result = await runNodeTests(process.argv.length > 2 ? process.argv.slice(2) : SUITES);
const simulated =
  process.argv.length > 2 ||
  spawnSync(process.execPath, ['scripts/simulate.ts', '--seed', '501', '--seeds', String(SIMULATED_SEEDS)], {
    stdio: 'inherit',
  }).status === 0;
await server.remove();
const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
console.log(`\nserver database: ${closingLine(result.passed, result.failed)}${skipped}`);
const failed = result.failed + (simulated ? 0 : 1) + (result.passed === 0 ? 1 : 0);
console.log(closingLine(result.passed + (simulated ? 1 : 0), failed));
process.exit(failed === 0 ? 0 : 1);
