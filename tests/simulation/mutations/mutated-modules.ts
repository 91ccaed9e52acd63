import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Flows from '../../../src/flows/index.ts';
import type * as Staging from '../../../src/simulation/stage.ts';
import type * as Simulate from '../../../src/simulation/simulate.ts';
import { replaceOnce } from './replace-once.ts';
import { flowOf, type Mutation, type Run } from './types.ts';

const ROOT = new URL('../../../', import.meta.url);
const FLOWS = new URL('src/flows/index.ts', ROOT);
const SIMULATE = new URL('src/simulation/simulate.ts', ROOT);
const STAGE = new URL('src/simulation/stage.ts', ROOT);
/** The local org is made once, and given its Apex: only for a mutation of its own it is loaded again, and made again. */
const LOCAL_ORG = 'packages/local-org/';

/** What is loaded again for each mutation. */
const LOADED_AGAIN = [
  'src/flows/',
  'src/feeds/',
  'src/middle-layer/',
  'src/external-system/',
  'src/service-app/',
  'src/reconciliation/',
  'src/shared/',
  'src/simulation/',
  'src/story/',
].map((path) => new URL(path, ROOT).href);
const WITH_ORG = [...LOADED_AGAIN, new URL(LOCAL_ORG, ROOT).href];
const isOfLocalOrg = ({ file }: Mutation): boolean => file.startsWith(LOCAL_ORG);
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
      const again = number !== null && (isOfLocalOrg(this.#mutations[Number(number)]!) ? WITH_ORG : LOADED_AGAIN);
      if (!again || !again.some((path) => resolved.url.startsWith(path))) return resolved;
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
    const flows = await simulatedFlows([flowOf(mutation)]);
    if (!isOfLocalOrg(mutation)) return (seed, stage) => simulate(seed, stage, flows);
    const { StagedOrgs } = (await import(`${STAGE.href}?${PARAMETER}=${number}`)) as typeof Staging;
    const orgs = new StagedOrgs(flows);
    return (seed, stage) => simulate(seed, { ...stage, orgs }, flows);
  }

  close(): void {
    this.#hooks.deregister();
  }
}
