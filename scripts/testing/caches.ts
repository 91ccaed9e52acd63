import { resolve } from 'node:path';
import { COMPILED_MODULES } from '../../src/shared/cache-folder.ts';

/**
 * Processes that this one starts share what they compile: Node the modules, local orgs the Apex that they parse. And
 * Salesforce's library, which would start a thread for it in each of them, writes no log into the home folder.
 */
export const shareCaches = (): void => {
  process.env.NODE_COMPILE_CACHE ??= COMPILED_MODULES;
  process.env.LOCAL_ORG_CACHE_DIR ??= resolve(import.meta.dirname, '../..');
  process.env.SF_DISABLE_LOG_FILE ??= 'true';
};
