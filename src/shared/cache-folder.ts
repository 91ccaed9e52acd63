import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = `${sep}node_modules${sep}`;
const somePackage = fileURLToPath(import.meta.resolve('@electric-sql/pglite'));
const packages = somePackage.slice(0, somePackage.lastIndexOf(MODULES) + MODULES.length);

/** Where to keep what would only take time to make again: beside the packages, so that it goes with them. */
export const CACHE_FOLDER = join(packages, '.cache', 'concord');

/** Where Node keeps compiled modules (NODE_COMPILE_CACHE): a process that finds them there starts sooner. */
export const COMPILED_MODULES = join(CACHE_FOLDER, 'compiled');
