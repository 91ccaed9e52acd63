import type { CarriedFlow } from '../middle-layer/flow.ts';
import type { SimulatedFlow } from '../simulation/flow.ts';
import type { ComparedObject } from '../reconciliation/compared-object.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import type { ToldFlow } from '../story/flow.ts';

/** A record whose copies are to be erased, as Salesforce knows it. */
export interface RecordToErase {
  key: string;
  /** Why its copies must stay, in words for people, or null. */
  refusal: string | null;
  /** What Salesforce still has of its values, such as in the recycle bin; of a record that lives on: what it holds now. */
  values: unknown[];
  /** Where Salesforce itself still keeps them: words for people. */
  left: string[];
}

/** What `npm run erase` must know of a flow's records. */
export interface ErasableRecords {
  /**
   * Finds the record by its key or its Salesforce id, also when it is deleted. `former`: it lives on, and what it held before is to be
   * erased. Throws UnusableInput when nothing knows it.
   */
  find: (client: SalesforceClient, which: { key: string } | { id: string }, former: boolean) => Promise<RecordToErase>;
}

/** A flow: all that the shared parts need of one. They know this interface and src/flows/index.ts, and no flow by name. */
export interface Flow {
  /** Lower-case letters, digits and hyphens. */
  name: string;
  /** What the middle layer carries; absent: it has no part in the flow. */
  carried?: CarriedFlow;
  /** Who plays in the simulation, what breaks, and what must hold. Loaded only where it is asked for. */
  simulated?: () => Promise<SimulatedFlow>;
  /** What `npm run reconcile` compares. Loaded when it is asked for: a service compares nothing. */
  compared?: () => Promise<ComparedObject>;
  /** How `npm run erase` finds its records. */
  erased?: () => Promise<ErasableRecords>;
  /** What `npm start` shows of it. */
  told?: () => Promise<ToldFlow>;
}
