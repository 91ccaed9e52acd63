import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Flows from '../../../src/flows/index.ts';
import type * as Simulate from '../../../src/simulation/simulate.ts';
import { replaceOnce } from './replace-once.ts';
import type { Mutation, Run } from './types.ts';

const ROOT = new URL('../../../', import.meta.url);
const FLOWS = new URL('src/flows/index.ts', ROOT);
const SIMULATE = new URL('src/simulation/simulate.ts', ROOT);
/** What is loaded again for each mutation. The org is not among it: it is made once, and given its Apex. */
const LOADED_AGAIN = [
  'src/flows/',
  'src/middle-layer/',
  'src/external-system/',
  'src/reconciliation/',
  'src/shared/',
  'src/flows/',
  'src/simulation/',
  'src/story/',
].map((path) => new URL(path, ROOT).href);
const PARAMETER = 'mutation';

const numberOf = (url: string | undefined): string | null =>
  url?.startsWith(ROOT.href) ? new URL(url).searchParams.get(PARAMETER) : null;

/** Loads the simulation with one module's text changed in memory; the files stay as they are. */
export class MutatedModules {
  readonly #mutations: Mutation[] = [];
  readonly #hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      const number = numberOf(context.parentURL);
      if (number === null || !LOADED_AGAIN.some((path) => resolved.url.startsWith(path))) return resolved;
      return { ...resolved, url: `${resolved.url.split('?')[0]}?${PARAMETER}=${number}` };
    },
    load: (url, context, next) => {
      const loaded = next(url, context);
      const number = numberOf(url);
      const mutation = number === null ? undefined : this.#mutations[Number(number)];
      if (!mutation || fileURLToPath(url.split('?')[0]!) !== fileURLToPath(new URL(mutation.file, ROOT))) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
      return { ...loaded, source: replaceOnce(text, mutation) };
    },
  });

  async simulation(mutation: Mutation): Promise<Run> {
    const number = this.#mutations.push(mutation) - 1;
    const { simulate } = (await import(`${SIMULATE.href}?${PARAMETER}=${number}`)) as typeof Simulate;
    const { simulatedFlows } = (await import(`${FLOWS.href}?${PARAMETER}=${number}`)) as typeof Flows;
    const flows = await simulatedFlows();
    return (seed, stage) => simulate(seed, stage, flows);
  }

  close(): void {
    this.#hooks.deregister();
  }
}
