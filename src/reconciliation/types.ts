/** The terms of reconciliation, once for reports, screens and scripts. */
import type { Cell, Table } from './digest/peel.ts';
import type { ContentType } from '../shared/digest/content.ts';
import type { Element } from '../shared/digest/element.ts';
import type { Owner, Scalar } from '../shared/values.ts';

export interface Range {
  /** Of `k1`: from inclusive, to exclusive. */
  from: number;
  to: number;
}

export const WHOLE_RANGE: Range = { from: 0, to: 1_000_000_000 };

/**
 * The whole range in `parts` of one width, the last perhaps narrower. Both sides cut it the same: a part is
 * `ceil(10^9 / parts)` wide. So many parts that the width does not fit so often give fewer ranges.
 */
export const partsOf = (parts: number): Range[] => {
  const width = Math.ceil(WHOLE_RANGE.to / parts);
  const ranges: Range[] = [];
  for (let from = 0; from < WHOLE_RANGE.to; from += width)
    ranges.push({ from, to: Math.min(from + width, WHOLE_RANGE.to) });
  return ranges;
};

/** One side that can sum its digests. Tables hold one element a record; `fold` is the number of cells. */
export interface DigestSide {
  /** A cell for each of `partsOf(parts)`, in their order. */
  totals(parts: number): Promise<Cell[]>;
  tables(tables: number, fold: number, range: Range): Promise<Table[]>;
}

/** Sends one request to the external system's public API and returns its parsed JSON. */
export type ExternalRequest = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

/** What any comparison needs of a record as Salesforce holds it. A compared object adds its own. */
export interface SalesforceState {
  id: string;
  key: string;
  /** Epoch milliseconds. */
  modifiedAt: number;
  /** The external record that it names, or null. */
  externalId: string | null;
  values: Record<string, Scalar>;
  /** As Salesforce stores it; null: none. */
  digest: Element | null;
}

/** What any comparison needs of a record as the external system holds it. */
export interface ExternalState {
  externalId: string;
  key: string;
  revision: number;
  /** Epoch milliseconds. */
  updatedAt: number;
  deleted: boolean;
  values: Record<string, Scalar>;
}

export type FieldOwners = Record<string, Owner>;

/** Which fields are compared, who owns each, and how its values are compared. */
export interface SyncedFields {
  owners: FieldOwners;
  types: Record<string, ContentType>;
}

/** What can be done about a discrepancy without a person: the repairs that the org can store. */
export type RepairName = 'trigger outside' | 'request again' | 'carry by owner' | 'none';

export interface KindDescription {
  /** What is wrong, in one sentence. */
  meaning: string;
  /** The usual cause; the audit trail tells the actual one. */
  cause: string;
  /** Who has to act when automatic repair does not. */
  owner: 'Concord' | 'Salesforce admin' | 'external system' | 'agent';
  /** What that person does. */
  action: string;
  repair: RepairName;
}

export interface FieldDifference {
  field: string;
  owner: Owner;
  salesforce: Scalar;
  external: Scalar;
}

export interface Discrepancy<Kind extends string = string> {
  /** A name in the kinds of the compared object. */
  kind: Kind;
  key: string;
  /** The id of the record in Salesforce. */
  recordId: string | null;
  externalId: string | null;
  fields: FieldDifference[];
  /** Never empty. Codes, versions and names of fields, never values. */
  detail: string;
}

/** A discrepancy with both sides as they were compared. */
export interface Compared<
  Ours extends SalesforceState = SalesforceState,
  Theirs extends ExternalState = ExternalState,
  Kind extends string = string,
> {
  discrepancy: Discrepancy<Kind>;
  salesforce: Ours | null;
  external: Theirs | null;
}

/** One thing to do about one record; a compared object adds what it needs for that. Each may be repeated without harm. */
export interface RepairStep {
  do: Exclude<RepairName, 'none'>;
  key: string;
}

/** Why a discrepancy is there. */
export interface Cause {
  cause: string;
  /** `kind`: the usual cause of its kind, because the audit trail tells none or was not read. */
  causeFrom: 'audit trail' | 'kind';
}

export interface ReportedDiscrepancy extends Discrepancy, Cause {
  repair: RepairStep | null;
  /** What became of the repair. `planned` in a dry run; `confirmed` when both sides agreed afterwards. */
  outcome:
    | 'planned'
    | 'confirmed'
    | 'sent, not confirmed'
    | 'left to a person'
    | 'stopped by the circuit breaker'
    | `failed: ${string}`;
}
