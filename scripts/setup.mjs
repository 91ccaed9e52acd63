/**
 * Installs the packages that are missing. Plain JavaScript without dependencies, because it runs on
 * whatever Node the machine has, before node_modules (and with it Node 24) is there.
 * Usage: node scripts/setup.mjs [--production]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const nodeBinary = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const onlyProduction = process.argv.includes('--production');
const askedFor = process.env.npm_lifecycle_event === 'setup';

/** npm and its children must not run on the Node inside the folder that npm is about to replace. */
const environment = {
  ...process.env,
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes(`node_modules${sep}.bin`))
    .join(delimiter),
};

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Packages of the lock file that npm's own record of node_modules does not have in that version. */
function missingPackages() {
  const installed = readPackages(join(modules, '.package-lock.json'));
  return Object.entries(readPackages(join(root, 'package-lock.json')))
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !(onlyProduction && entry.dev))
    .filter(([path, entry]) => installed[path]?.version !== entry.version || !existsSync(join(root, path)))
    .map(([path]) => path);
}

function nodeWorks() {
  return existsSync(nodeBinary) && run(nodeBinary, ['--version'], 'ignore').status === 0;
}

function run(command, args, stdio = 'inherit') {
  return spawnSync(command, args, { cwd: root, env: environment, stdio, shell: process.platform === 'win32' });
}

function npm(args) {
  const result = run('npm', args);
  if (result.error !== undefined)
    fail(`npm cannot be started (${result.error.message}). Install Node.js with npm and make sure npm is on PATH.`);
  if (result.status === 0) return;
  const registry = run('npm', ['config', 'get', 'registry'], 'pipe').stdout?.toString().trim();
  const reachable = run('npm', ['ping', '--fetch-retries=0'], 'ignore').status === 0;
  fail(
    reachable
      ? `\`npm ${args.join(' ')}\` failed; its message is above.`
      : `the package registry ${registry ?? ''} does not answer. Check the network, the proxy, or \`npm config get registry\`, and run \`npm run setup\` again.`,
  );
}

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

const missing = missingPackages();
if (missing.length === 0 && nodeWorks()) {
  if (askedFor) console.log('setup: everything is in place');
  process.exit(0);
}

const omit = onlyProduction ? ['--omit=dev'] : ['--include=dev'];
if (missing.length > 0) {
  const what = `${missing.length} ${onlyProduction ? 'production ' : ''}packages`;
  const fresh = !existsSync(join(modules, '.package-lock.json'));
  console.log(`setup: installing ${what} (npm ${fresh ? 'ci' : 'install'} ${omit[0]}), once`);
  // `install` adds to what is there (production first, development later); `ci` starts from nothing.
  npm([...(fresh ? ['ci'] : ['install', '--no-save']), ...omit, '--no-audit', '--no-fund', '--loglevel=error']);
}
if (!nodeWorks()) {
  console.log('setup: fetching the Node.js binary (npm rebuild node)');
  // Where install scripts are switched off, `npm ci` leaves the package without its binary.
  npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
}
const left = missingPackages();
if (left.length > 0)
  fail(
    `still missing after the installation: ${left.slice(0, 5).join(', ')}. Do package.json and package-lock.json agree?`,
  );
if (!nodeWorks()) fail(`${nodeBinary} does not run. Delete node_modules and run \`npm run setup\` again.`);
