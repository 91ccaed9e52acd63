/** What the audit trail tells of a record: ids, versions, times and codes, never values. */

export interface TrailEntry {
  /** Epoch milliseconds. */
  at: number;
  /** Whom the message was for. */
  target: 'salesforce' | 'external';
  /** Of the message, in the words of its flow: `request`, `record`, `writeBack`, … */
  kind: string;
  version: number | null;
  revision: number | null;
  /** `QUEUED`, `ACCEPTED`, `REFUSED`, `UNAVAILABLE`, … */
  outcome: string;
  code: string | null;
}

/** A message that was given up and waits for a person. */
export interface TrailLetter {
  /** Epoch milliseconds. */
  since: number;
  target: 'salesforce' | 'external';
  kind: string;
  version: number | null;
  revision: number | null;
  code: string;
  attempts: number;
}

export interface Trail {
  /** The newest entries, oldest first. */
  entries: TrailEntry[];
  /** There are older ones: what is not among the entries may still have happened. */
  more: boolean;
  letters: TrailLetter[];
}

/** Where the trails of records are read. */
export interface AuditTrail {
  /** By key; a key of which nothing is known has an empty trail. */
  read(keys: string[]): Promise<Map<string, Trail>>;
}
