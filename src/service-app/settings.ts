/** Times in milliseconds. */
export interface Settings {
  /** Ads in one batch to the middle layer. */
  batch: number;
  /** How often the queue is looked at while nothing wakes it. */
  reportIntervalMs: number;
  /** The pause after a failure grows from here … */
  backoffMs: number;
  /** … up to here. */
  maxBackoffMs: number;
  /** How long an outcome is waited for before the ad is reported once more. */
  askAgainMs: number;
  /** How long a person stays signed in without doing anything. */
  sessionMs: number;
}

export const DEFAULT_SETTINGS: Settings = {
  batch: 200,
  reportIntervalMs: 5_000,
  backoffMs: 1_000,
  maxBackoffMs: 10 * 60_000,
  askAgainMs: 60 * 60_000,
  sessionMs: 8 * 60 * 60_000,
};
