/** The words of feeds: what a feed is, what a row becomes, what a run tells. */
import type { View } from './source/types.ts';

/** How a field gets its value. */
export interface FieldRule {
  /** The column that it comes from; absent: `constant`. */
  column?: string;
  constant?: string | boolean;
  /** What texts of the column mean, such as `{"S": true, "N": false}`. A text that is not among them is refused. */
  values?: Record<string, string | boolean>;
  /** Texts that stand for no value, such as `1900-01-01`. */
  nulls?: string[];
  /** For a look-up: the feed whose record it is. The column holds that record's key. */
  parent?: string;
  /** `view`: an edit in Salesforce is put back. `salesforce`: the view gives the first value, people in Salesforce the others. */
  owner: 'view' | 'salesforce';
}

/** Bounds beyond which a run stops before it writes, and waits for a person. Shares are of 1. */
export interface HoldPolicy {
  /** So many fewer rows than Salesforce holds of this feed. */
  fewerRows: number;
  /** So many of the known rows changed. */
  changedRows: number;
  /** So many of a field's values gone, of any field. */
  emptiedValues: number;
}

/** How the rolling audit goes through all records of a feed. */
export interface AuditPolicy {
  /** Days in which each record is to be read once. */
  everyDays: number;
  /** API calls of a run at most. Where they do not suffice, a round takes longer, and the run says so. */
  maxCalls: number;
}

/** What the audit of a run came to. */
export interface Audited extends AuditPolicy {
  through: 'pages' | 'query job';
  records: number;
  calls: number;
  /** Why its part counts as not read; null: it counts. */
  brokeOff: string | null;
}

export interface FeedPolicy {
  hold: HoldPolicy;
  /** Rows that are no longer in the view: told; or a field set to a value. */
  vanished: { set: Record<string, string | boolean> } | null;
  /** Records that somebody deleted in Salesforce and the view still has. */
  deleted: 'make again' | 'tell';
  /** Absent: none. */
  audit?: AuditPolicy;
  /** A trigger keeps digests on the object's records (docs/digest.md, "Feeds"): each run proves equality by their sums. Absent: none does. */
  digests?: true;
}

/** What sums of digests said at the end of a run. */
export interface Proof {
  /** Each record is as the view has it, and there is no other. */
  isEqual: boolean;
  /** That have a digest. */
  records: number;
  parts: number;
  /** Parts with rows that the run knows to differ. */
  unproven: number;
  /** Other parts whose sums differ. */
  differing: number[];
  /** External ids of records whose values differ, of the first of these parts. */
  different: string[];
  /** Records without a digest. */
  undigested: number;
  calls: number;
}

/** One feed of one company, as the configuration has it. */
export interface Feed {
  company: string;
  name: string;
  object: string;
  /** The external id field of the object. */
  externalId: string;
  view: View;
  /** The columns whose texts, after the company's name, are the external id. */
  key: string[];
  fields: Record<string, FieldRule>;
  policy: FeedPolicy;
  /** When it runs by itself: a cron expression of five fields, or as EventBridge writes it (`0 5 * * ? *`). */
  schedule: string;
  /** The zone of the schedule: a name of the time zone database. */
  scheduleTimeZone: string;
}

/** A value as it goes to Salesforce: numbers as exact decimal text, see `record.ts`. */
export type FieldValue = string | boolean | null;

/** A row's record: values by field, in the order of the mapping; a parent's external id under the look-up's field. */
export type Values = Record<string, FieldValue>;

/** Why a row cannot be written: what, where, what to do. */
export interface RowProblem {
  code: string;
  /** The Salesforce field, or a column; null: the whole row. */
  field: string | null;
  message: string;
  remedy: string;
}

/** What a run found and did, in rows. */
export interface Counts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Edited or deleted in Salesforce by others since the last fence. */
  drifted: number;
  vanished: number;
  deactivated: number;
  /** Their parent is not there yet. */
  waiting: number;
  failed: number;
  /** Would be written, if a person released the run. */
  held: number;
}

export const NO_COUNTS: Counts = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  drifted: 0,
  vanished: 0,
  deactivated: 0,
  waiting: 0,
  failed: 0,
  held: 0,
};
