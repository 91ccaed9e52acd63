/** Preloaded by a process that runs tests: changes one module as it is loaded, as CONCORD_MUTATION (JSON) says. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../protocol.ts';
import { replaceOnce } from './replace-once.ts';
import type { Mutation } from './types.ts';

const mutation = JSON.parse(process.env['CONCORD_MUTATION']!) as Mutation;
const { href } = pathToFileURL(`${ROOT}${mutation.file}`);

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (url !== href) return loaded;
    const { source } = loaded;
    const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
    return { ...loaded, source: replaceOnce(text, mutation) };
  },
});
