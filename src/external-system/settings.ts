/**
 * How requests, write-backs and deletions are answered: in their receipts, by the outbox, or now in one way, now in the
 * other, as systems do that answer some questions only after a while.
 */
export type Answering = 'at once' | 'later' | 'mixed';

/** What an operator sets. Times are milliseconds of the injected clock. */
export interface Settings {
  /** How long an outgoing record may stay unsettled before a poller triggers it again; doubles with each try. */
  graceMs: number;
  /** The longest pause between two triggers of the same record. */
  maxGraceMs: number;
  /** Updates that Salesforce refused are triggered again this often; then they stay `Failed` for a person. */
  maxFailedAttempts: number;
  pollIntervalMs: number;
  /** How often the outbox is looked at when nothing was put into it: for what waits for its retry. */
  outboxIntervalMs: number;
  outboxBatch: number;
  /** First pause after an undeliverable batch; doubles up to `maxBackoffMs`, with full jitter. */
  backoffMs: number;
  maxBackoffMs: number;
  answers: Answering;
  /** How often retention is enforced. */
  maintenanceIntervalMs: number;
  retention: {
    /** Messages that were sent, or replaced by newer ones. */
    sentMs: number;
    /** Earlier revisions, requests and repairs: how long a repair can be taken back. */
    historyMs: number;
  };
}

const DAY = 86_400_000;

export const DEFAULT_SETTINGS: Settings = {
  // longer than Salesforce's own grace: the side that entered the record looks for it first
  graceMs: 30 * 60_000,
  maxGraceMs: 3_600_000,
  maxFailedAttempts: 8,
  pollIntervalMs: 10_000,
  outboxIntervalMs: 1_000,
  outboxBatch: 200,
  backoffMs: 500,
  maxBackoffMs: 60_000,
  answers: 'at once',
  maintenanceIntervalMs: 3_600_000,
  retention: { sentMs: 14 * DAY, historyMs: 400 * DAY },
};
