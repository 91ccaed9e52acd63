/** What the simulation needs of a flow. It knows no flow by name: src/flows/index.ts lists them. */
import type { Transport } from 'kernel/http.ts';
import type { ExternalAddress } from '../middle-layer/flow.ts';
import type { Settings } from '../middle-layer/settings.ts';
import type { MessageRules } from './message-model.ts';
import type { ProcessPlan, Sender } from './process.ts';
import type { StagedFlow } from './stage.ts';
import type { World } from './world.ts';

/** A flow as a simulation takes it. */
export interface SimulatedFlow<F extends FlowInWorld = FlowInWorld> extends StagedFlow {
  /** The flow in one world, before its processes have started. It draws from streams of its own, never from the world's. */
  enter(world: World, seed: number): F;
}

/** What the middle layer must know to carry a flow. */
export interface MiddleLayerNeeds {
  /** Where the flow's external system is. It presents `callerToken` of the flow to the middle layer. */
  external: ExternalAddress;
  /** What is different for this flow. */
  settings: Partial<Settings>;
  /** What the flow's protocol says of its messages: for whoever watches the queue. */
  messages: MessageRules;
}

/**
 * One flow in one world: who plays, what breaks, what must hold. `serial` makes every value that people write
 * a new one.
 */
export interface FlowInWorld {
  /** The processes of its own. */
  processes: readonly ProcessPlan[];
  /** Of a flow that the middle layer carries. */
  middleLayer?: MiddleLayerNeeds;
  /** Somebody does something, on either side. */
  act(serial: number): Promise<void>;
  /** Something of the flow's own breaks, or nothing does: between two things that people do. */
  breakSomething(): Promise<void>;
  /** How often each of its own faults struck, by class. */
  faultCounts: Record<string, number>;
  /** From here on, faults strike: which, the seed decides. */
  disturb(): void;
  /** From here on, none does. */
  calm(): void;
  /** Takes back what people did that keeps things from moving: a pause. Nothing breaks any more. */
  resume(serial: number): Promise<void>;
  /** Corrects and retries what was refused. */
  correct(serial: number): Promise<void>;
  /** What is under way on either side, a line each. The simulation adds what the middle layer still carries. */
  underWay(): Promise<string[]>;
  /** What does not hold although it must at every moment. */
  always(): Promise<string[]>;
  /** What does not hold although everything has arrived. Asks all of `always` too. */
  atRest(): Promise<string[]>;
  /** Further trials of a world at rest: planted faults, a restored database. Returns what went wrong. */
  afterwards?(tools: Tools): Promise<string[]>;
  /** Its external system's clock goes past each retention, the last that is done in a world. What went too early or is left, a line each. */
  outlive?(): Promise<string[]>;
  /** Watches what the middle layer sends; asked at each of its starts. */
  watch?(inner: Transport, sender: Sender): Transport;
  /** Watches an outage of the middle layer, from its begin to its end. */
  outage?(): Promise<() => Promise<void>>;
}

/** What the simulation does for the trials of a flow. */
export interface Tools {
  /** Lets everything that is under way arrive; returns what never does. */
  settle: () => Promise<string[]>;
  /** From here on, faults strike everywhere. */
  disturb: () => void;
  /** From here on, none does. */
  calm: () => void;
}
