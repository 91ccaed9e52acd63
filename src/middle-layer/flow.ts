/** What the middle layer needs of a flow. It knows no flow by name: src/flows/index.ts lists them. */
import type { Clock } from 'kernel/clock.ts';
import type { Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { Held } from '../shared/erasure.ts';
import type { Queryable } from '../shared/sql/types.ts';
import type { Route } from '../shared/router.ts';
import type { IntegrationClient } from './clients/salesforce/integration-client.ts';
import type { DeadLetterSummary } from './db/dead-letters.ts';
import type { Circuit, CircuitState } from './queue/circuit.ts';
import type { Role, Settings } from './settings.ts';
import type { Deliver, Draft, FlowContext, Log, Outcome } from './types.ts';

/** A flow as src/flows/index.ts lists it. */
export interface CarriedFlow {
  /** In tables, paths, logs, metrics, on command lines and (variables.ts) in the environment: lower-case letters, digits and hyphens. */
  name: string;
  /** The folder of its numbered migrations, or null. They come after those of the queue. */
  migrations: string | null;
  /** The flow over the outside world. */
  over: (reach: Reach) => FlowParts;
}

/** A flow before it is opened. */
export interface FlowParts {
  name: string;
  migrations: string | null;
  /** How its targets are sent to; absent: one batch after the other, each as soon as the one before has ended. */
  sending?: (settings: Settings) => Readonly<Record<string, Sending>>;
  open: (context: FlowContext, view: View) => OpenFlow;
}

/** How a target is sent to. */
export interface Sending {
  /** How many batches may be under way at once, of different keys; absent: one. */
  lanes?: number;
  /** How long messages may wait for company while many come, in milliseconds; absent: not at all. */
  gatherMs?: number;
  /** Whether what messages name as `alone` is under way in one batch at a time, of all workers; absent: no. */
  alone?: boolean;
}

/** What an open flow sees of the service. */
export interface View {
  /** The circuit of a target, while the flow opens too. */
  circuitOf: (target: string) => Pick<Circuit, 'state' | 'opensAt'>;
  /** Something was queued: the senders look at once. */
  onQueued: () => void;
  /** A source was asked for: its loop looks at once. */
  onDue: () => void;
}

export interface OpenFlow {
  /** Who takes its messages: a sender with a circuit of its own for each. */
  targets: Readonly<Record<string, Deliver>>;
  /** What it looks for by itself. */
  sources: readonly Source[];
  /** Listens to events until the signal is aborted. */
  listen?: (signal: AbortSignal) => Promise<void>;
  /** What callers of a role may ask of it: `POST /v1/…`. `external` is the external system of this flow alone. */
  routes: Readonly<Record<string, FlowRoute>>;
  /**
   * What follows from messages that were settled: runs inside the settling transaction, which holds the lock of their
   * keys. The drafts are about these keys.
   */
  settled: (tx: Queryable, outcomes: readonly Outcome[]) => Promise<Draft[]>;
  /** Sends a dead letter again, with what is true now. */
  retry: Retries;
  /** Enforces the retention of the flow's own tables: how many rows of each kind were deleted. */
  tidy: () => Promise<Record<string, number>>;
  /** Erases the values that the flow's own tables keep of a key. Throws RequestError 409 while they are needed. */
  erase: (tx: Queryable, key: string) => Promise<Held>;
  readiness: () => Promise<Readiness>;
  /** What `/v1/status` shows of it. */
  status: () => Promise<Record<string, unknown>>;
}

export interface FlowRoute {
  role: Role;
  handle: Route;
  /** The largest body, in bytes; absent: that of requests without records. */
  mostBytes?: number;
}

/** Something that a flow polls. */
export interface Source {
  name: string;
  circuit: { readonly state: CircuitState };
  /** Reads what is due and queues what is new; false when nothing was due. */
  pass: () => Promise<boolean>;
  /** When it is due next, in epoch milliseconds. */
  nextAt: () => Promise<number>;
  /** Whether it stopped in the middle because there is no room. */
  isAmid: () => boolean;
  /** Asks for a pass soon. */
  wake: () => Promise<void>;
  /** Frees what an earlier run of this worker had leased. */
  release: () => Promise<unknown>;
}

export interface Readiness {
  /** Why the flow is not ready, beyond its circuits and its sources; empty: nothing is wrong. */
  problems: string[];
  /** What `/ready` shows of it besides. */
  shown: Record<string, unknown>;
}

export type Retry =
  | { outcome: 'retried'; messageId: string }
  | { outcome: 'closed'; resolution: 'retried' | 'superseded' }
  | { outcome: 'unknown' };

/** How dead letters were retried. */
export interface Retried {
  retried: number;
  /** Settled by something else in the meantime. */
  closed: number;
  /** Not retried, and why: the record holds what cannot be carried. */
  refused: { id: number; key: string; errorCode: string; message: string }[];
}

/** Both reject with TargetUnavailable, and change nothing, when what is true now cannot be read. */
export interface Retries {
  /** Rejects with RequestError when the record holds what cannot be carried. */
  one: (letter: DeadLetterSummary) => Promise<Retry>;
  /** Open dead letters of the flow, at most `BATCH_LIMIT`. One that cannot be retried delays no other. */
  many: (letters: readonly DeadLetterSummary[]) => Promise<Retried>;
}

/** How one flow reaches the outside. */
export interface Reach {
  /** A client of its own: its API calls are counted for the flow. */
  rest: IntegrationClient;
  transport: Transport;
  /** Carries long polls; absent: the flow only polls. */
  streamTransport?: Transport;
  external: ExternalAddress;
  clock: Clock;
  random: Random;
  log: Log;
  settings: Settings;
}

/** Where an external system is. */
export interface ExternalAddress {
  url: string;
  /** Bearer token that the external system asks of its callers. */
  token: string;
}
