import { resolve } from 'node:path';
import { COMPILED_MODULES } from '../../src/shared/cache-folder.ts';

/** Processes that this one starts share what they compile: Node the modules, local orgs the Apex that they parse. */
export const shareCaches = (): void => {
  process.env.NODE_COMPILE_CACHE ??= COMPILED_MODULES;
  process.env.LOCAL_ORG_CACHE_DIR ??= resolve(import.meta.dirname, '../..');
};
