/** Deployments by id: carried out when they arrive, and remembered for those who ask how they went. */
import { deploy, type DeployDeps, type Deployment, type Outcome } from './deploy.ts';
import type { State as KeptState } from './kept-source.ts';
import { listComponents } from './list-components.ts';
import type { DeployResult, ListedComponent } from './types.ts';

interface State extends KeptState {
  get(kind: string, key: string): string | null;
}

export interface DeploymentsDeps extends DeployDeps {
  /** The state of the store in use now. */
  state: () => State;
  /** The record id of the deployment with this number. */
  newId: (number: number) => string;
  now: () => number;
  log: (event: string, detail: Record<string, unknown>) => void;
}

const KIND = 'deployment';
const COUNTER = 'deployment-counter';
const SHORT_ID = 15;
/** How long results are kept (Metadata API Developer Guide, "Deployment status"). */
const RETENTION_MS = 30 * 24 * 3_600_000;

export class Deployments {
  readonly #deps: DeploymentsDeps;

  constructor(deps: DeploymentsDeps) {
    this.#deps = deps;
  }

  get production(): boolean {
    return this.#deps.production;
  }

  /** Carries the deployment out and answers its id. */
  deploy(deployment: Deployment, userId: string): string {
    const { state, now, log } = this.#deps;
    const startedAt = now();
    const outcome = this.#run(deployment);
    const id = this.#nextId();
    const { options } = deployment;
    const result: DeployResult = { id, ...outcome, options, userId, startedAt, completedAt: now() };
    state().put(KIND, id, JSON.stringify(result));
    this.#forgetOld();
    log('deployment.ended', { id, status: outcome.status, components: outcome.messages.length });
    return id;
  }

  /** By an id of 15 or 18 characters. */
  result(id: string): DeployResult | null {
    const state = this.#deps.state();
    const shortened = ({ key }: { key: string }): boolean => id.length === SHORT_ID && key.startsWith(id);
    const text = state.get(KIND, id) ?? state.list(KIND).find(shortened)?.value;
    return text === undefined ? null : (JSON.parse(text) as DeployResult);
  }

  /** The components of a metadata type that the org has. */
  components(type: string): ListedComponent[] {
    return listComponents(this.#deps.types, this.#deps.target.tree(), type);
  }

  /** A defect of the local org fails the deployment, as a Salesforce internal error does. */
  #run(deployment: Deployment): Outcome {
    try {
      return deploy(this.#deps, deployment);
    } catch (error) {
      const { message, stack } = error as Error;
      this.#deps.log('deployment.defect', { message, stack });
      return {
        status: 'Failed',
        messages: [],
        tests: null,
        coverageWarnings: [],
        errorMessage: `UNKNOWN_EXCEPTION: ${message}`,
      };
    }
  }

  #nextId(): string {
    const state = this.#deps.state();
    const number = Number(state.get(COUNTER, '') ?? 0) + 1;
    state.put(COUNTER, '', String(number));
    return this.#deps.newId(number);
  }

  #forgetOld(): void {
    const state = this.#deps.state();
    for (const { key, value } of state.list(KIND)) {
      if ((JSON.parse(value) as DeployResult).completedAt < this.#deps.now() - RETENTION_MS) state.delete(KIND, key);
    }
  }
}
