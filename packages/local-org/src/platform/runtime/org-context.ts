/** What every transaction of one org shares. */
import type { OtherTransaction } from './outcomes.ts';
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import type { TypeCatalogue } from '../../compiler/types.ts';
import type { SaveRequest, SaveResult, Store, TriggerHost } from '../../store/types.ts';
import type { CalloutRequest, CalloutResponse } from '../services.ts';
import type { Program } from './program.ts';
import type { CoverageRecord } from './testing/coverage.ts';

/** Carries one callout over the wire and blocks until the answer is there. Throws CalloutFailure when none came. */
export type CalloutTransport = (request: CalloutRequest) => CalloutResponse;

export interface OrgContext {
  store: Store;
  program: Program;
  catalogue: TypeCatalogue;
  clock: Clock;
  random: Random;
  callout: CalloutTransport;
  /** Where named credentials lead: name to base URL. */
  namedCredentials: Record<string, string>;
  /** Those of the project that prove who calls by an external credential, by lower-cased name. */
  securedCredentials: ReadonlySet<string>;
  /** Static resources of the project by lower-cased name: path of the content. */
  staticResources: ReadonlyMap<string, string>;
  labels: ReadonlyMap<string, string>;
  /** Injected faults of saves; see faults.ts. */
  faults: SaveFaults & EventFaults & OtherTransactions;
  log: (event: string, detail: Record<string, unknown>) => void;
  /** Whom work runs as that no user asked for. */
  defaultUserId: string;
  /** Lines that ran; null when nobody asks for coverage. */
  coverage: CoverageRecord | null;
}

/** Transactions that come between the reads and the writes of others. */
export interface OtherTransactions {
  /** The other transaction that comes before an update of this object, if any. */
  takeOther(object: string): OtherTransaction | null;
}

/** Injected faults of events. */
export interface EventFaults {
  /** Whether an event of this object gets lost on its way to its subscribers. */
  losesEvent(object: string): boolean;
}

/** Injected faults of saves. */
export interface SaveFaults {
  /** Runs the save, or answers for it with the fault that was injected for one of its objects, or runs it past the triggers. */
  save(request: SaveRequest, triggers: TriggerHost, run: (triggers: TriggerHost) => SaveResult[]): SaveResult[];
}
