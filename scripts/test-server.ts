/**
 * Runs on a PostgreSQL server what otherwise runs on the embedded database, and what only a server can show: outages.
 * Finds PostgreSQL, or installs it where it may; without any it says so and runs nothing. Makes a server of its own.
 */
import { spawnSync } from 'node:child_process';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { shareCaches } from './testing/caches.ts';
import { runNodeTests } from './testing/node-suite.ts';
import { findPostgres } from './testing/postgres/find.ts';
import { installPostgres } from './testing/postgres/install.ts';
import { startPostgres } from './testing/postgres/server.ts';
import { closingLine } from './testing/suite.ts';

const SUITES = [
  'tests/database/*.test.ts',
  'tests/contract/middle-layer/*.test.ts',
  'tests/contract/feed-source/*.test.ts',
  'tests/middle-layer/*.test.ts',
  'tests/external-system/*.test.ts',
  'tests/e2e/feeds-story.test.ts',
];
const SIMULATED_SEEDS = 10;

const { positionals: paths } = readArgsOrExit(
  { options: {}, allowPositionals: true },
  `npm run test:server -- [TEST FILE…]

  Runs on a PostgreSQL server what otherwise runs on the embedded database, and outages. Finds PostgreSQL, or installs it
  where it may, and makes a server of its own, which it removes. Without test files: all suites, and ${SIMULATED_SEEDS} seeds.

exit 0: all passed, or there is no PostgreSQL to be had (said by name) · 1: a test failed · 2: unusable arguments`,
);

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
const result = await runNodeTests(paths.length > 0 ? paths : SUITES);
const simulated =
  paths.length > 0 ||
  spawnSync(
    process.execPath,
    ['scripts/simulate.ts', '--flow', 'cases', '--seed', '501', '--seeds', String(SIMULATED_SEEDS)],
    {
      stdio: 'inherit',
    },
  ).status === 0;
await server.remove();
const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
console.log(`\nserver database: ${closingLine(result.passed, result.failed)}${skipped}`);
const failed = result.failed + (simulated ? 0 : 1) + (result.passed === 0 ? 1 : 0);
console.log(closingLine(result.passed + (simulated ? 1 : 0), failed));
process.exit(failed === 0 ? 0 : 1);
