/** What reconciliation needs of an object that it compares. It knows no object by name: src/flows/index.ts lists the flows that have one. */
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import type { Scalar } from '../shared/values.ts';
import type { Element } from '../shared/digest/element.ts';
import type { Rules } from './find/at-rest.ts';
import type { Trail } from './trail/types.ts';
import type {
  Compared,
  DigestSide,
  Discrepancy,
  ExternalRequest,
  ExternalState,
  KindDescription,
  RepairStep,
  SalesforceState,
  SyncedFields,
} from './types.ts';

/** Deleted by people, or put away (archived, out of scope): what is outside stays valid then, and is not compared. */
export type Gone = 'deleted' | 'put away';

/** `in flight` is no discrepancy: something is under way, or moved too recently to tell. */
export type Finding<Kind extends string = string> = Discrepancy<Kind> | 'in flight' | 'equal';

/**
 * An object of Salesforce and what stands for it outside. Each record has a key that is its identity on both sides, and
 * a digest that both sides can sum (docs/digest.md).
 */
export interface ComparedObject<
  Ours extends SalesforceState = SalesforceState,
  Theirs extends ExternalState = ExternalState,
  Kind extends string = string,
  Step extends RepairStep = RepairStep,
> {
  /** The name of its flow. */
  flow: string;
  /** Its API name. */
  object: string;
  /** How reports speak of its records, in the singular and the plural, as a sentence has them in its middle. */
  names: { one: string; many: string };
  /** What its record ids begin with, three characters. */
  prefix: string;
  /** The kinds of discrepancy that `classify` tells; `duplicate` among them when records name each other. */
  kinds: Readonly<Record<Kind, KindDescription>>;
  /** How its records are read in Salesforce. */
  inside: Inside<Ours>;
  /** How they are read in the external system. */
  outside: Outside<Theirs>;
  /** What the state of one key on both sides amounts to. `gone`: why Salesforce has no record of it, where it wrote that down. */
  classify(ours: Ours | null, theirs: Theirs | null, gone: Gone | null, rules: Rules): Finding<Kind>;
  /**
   * Looks once more at what was found, where Salesforce keeps something beside a record that says more of it. Answers
   * as many, in order. Absent: it keeps nothing there.
   */
  lookBeside?(client: SalesforceClient, found: Compared<Ours, Theirs, Kind>[]): Promise<Compared<Ours, Theirs, Kind>[]>;
  /**
   * Further discrepancies, of what goes with the records and no digest tells: sums of a parent, for example. No API call too
   * many: it is asked in every run. Absent: there is nothing of the kind.
   */
  findBeside?(
    client: SalesforceClient,
    external: ExternalRequest,
    times: Pick<Rules, 'now' | 'graceMs' | 'latest'>,
  ): Promise<Discrepancy<Kind>[]>;
  /** Of such discrepancies that were repaired, the keys of those that are gone. Absent: none of them has a repair. */
  arrivedBeside?(client: SalesforceClient, external: ExternalRequest, repaired: Discrepancy[]): Promise<Set<string>>;
  /** Under which key the audit trail has a record. Absent: under its own. */
  trailKey?(key: string): string;
  /** The cause, as the audit trail tells it: a sentence of codes and times, never of values. Null: it tells none. */
  explain(compared: Compared<Ours, Theirs, Kind>, trail: Trail): string | null;
  /** What repairs a discrepancy, or null when a person must decide. Truth flows from the owner of each field. */
  plan(discrepancy: Discrepancy<Kind>, ours: Ours | null, theirs: Theirs | null, options: PlanOptions): Step | null;
  /** Carries out repairs; one that fails delays no other. Answers why one was not sent, by key. */
  carryOut(steps: Step[], ports: RepairPorts): Promise<Map<string, string>>;
  /** What repairs replaced, and how it is put back. Absent: its repairs replace no values. */
  undo?: Undo<Theirs>;
}

export interface PlanOptions {
  /** A person says that records which Salesforce lost are to be made again from what the external system holds. */
  makesAgain: boolean;
}

export interface Inside<Ours extends SalesforceState = SalesforceState> {
  /** The field that holds the key. */
  key: string;
  /** What `stateOf` needs besides Id, SystemModstamp, the key, the digest and the synced fields. Paths lead to parents. */
  columns: readonly string[];
  /** SOQL conditions that find the records which are not at rest, one query each; each may be joined to others by AND. */
  unsettled: readonly string[];
  /** Which fields are compared, and who owns them. */
  readFields(client: SalesforceClient): Promise<SyncedFields>;
  /** `base`: what any object has; `value`: of a column, which may be a path to a parent's field. */
  stateOf(row: Record<string, unknown>, base: SalesforceState, value: (column: string) => unknown): Ours;
  /** Whether a record in this state is summed, and so has a digest. Absent: every one that is read is. */
  isSummed?(state: Ours): boolean;
  /** A SOQL condition that records which have the key, and are not synced any more, do not meet. */
  synced: string;
  /** Of these keys those whose records went away in Salesforce and have not come back since. */
  readGone(client: SalesforceClient, keys: string[]): Promise<Map<string, Gone>>;
}

/** Which external records are wanted. */
export interface Wanted {
  keys?: string[];
  /** By the identity of decoded elements. */
  elements?: Element[];
  externalIds?: string[];
}

export interface Outside<Theirs extends ExternalState = ExternalState> {
  digests(request: ExternalRequest): DigestSide;
  lookUp(request: ExternalRequest, wanted: Wanted): Promise<Theirs[]>;
  /** Records that have not settled. */
  readUnsettled(request: ExternalRequest): Promise<Theirs[]>;
  /** The ids of the Salesforce records that this one says it stands for, and that it was first made for. */
  standsFor(state: Theirs): { id: string | null; origin: string | null };
}

export interface RepairPorts {
  external: ExternalRequest;
  /** The org, with no budget of calls. */
  org: SalesforceClient;
  /** A UUID: the external system keeps what the run's repairs replaced under it. */
  runKey: string;
}

/** What the external system keeps of a run's repair. Holds values. */
export interface Replaced {
  key: string;
  externalId: string | null;
  /** Made by the repair. */
  revision: number;
  before: Record<string, Scalar>;
  undoneBy: string | null;
}

export interface Undo<Theirs extends ExternalState = ExternalState> {
  /** What a run's repairs replaced; `key`: of this record alone. */
  readReplaced(request: ExternalRequest, run: string, key: string | null): Promise<Replaced[]>;
  /** Makes a new revision of the earlier values, unless the record has moved on: then it rejects. `runKey`: of the undo. */
  restore(
    request: ExternalRequest,
    replaced: Replaced,
    now: Theirs,
    runs: { runKey: string; undoes: string },
  ): Promise<void>;
}
