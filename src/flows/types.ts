import type { CarriedFlow } from '../middle-layer/flow.ts';
import type { SimulatedFlow } from '../simulation/flow.ts';
import type { ComparedObject } from '../reconciliation/compared-object.ts';
import type { ToldFlow } from '../story/flow.ts';

/** A flow: all that the shared parts need of one. They know this interface and src/flows/index.ts, and no flow by name. */
export interface Flow {
  /** Lower-case letters, digits and hyphens. */
  name: string;
  /** What the middle layer carries. */
  carried: CarriedFlow;
  /** Who plays in the simulation, what breaks, and what must hold. Loaded only where it is asked for. */
  simulated?: () => Promise<SimulatedFlow>;
  /** What `npm run reconcile` compares. Loaded when it is asked for: a service compares nothing. */
  compared?: () => Promise<ComparedObject>;
  /** What `npm start` shows of it. */
  told?: () => Promise<ToldFlow>;
}
