import type { ContentCheckAge } from './content-check-age.ts';
import type { Cell } from './digest/peel.ts';
import type { ContentCheckCost } from './find/content-check.ts';
import type { TrailReading } from './trail/tell-causes.ts';
import type { KindDescription, ReportedDiscrepancy } from './types.ts';

export interface ReconciliationReport {
  /** A UUID that this run's records and repairs are known by. */
  runKey: string;
  /** The flow that was compared. */
  flow: string;
  /** API name of the object in Salesforce. */
  object: string;
  /** How to speak of its records. */
  names: { one: string; many: string };
  /** ISO 8601, of the clock the run was made by. */
  startedAt: string;
  finishedAt: string;
  dryRun: boolean;
  verdict:
    'equal' | 'repaired' | 'sent, not confirmed' | 'discrepancies' | 'stopped by the circuit breaker' | 'budget spent';
  totals: { salesforce: Cell; external: Cell };
  /** Elements that the sums told apart before anything was confirmed. */
  candidates: number;
  inFlight: number;
  /** Their keys: of these nothing can be told yet. */
  inFlightKeys: string[];
  /** ISO 8601; since when nothing gets through. What moved after it counts as in flight. Null: work gets through. */
  outageSince: string | null;
  /** `open`: it was before this run. `tripped`: by this run. */
  breaker: { state: 'closed' | 'open' | 'tripped'; reason: string | null };
  /** Only a part of the records was looked at: what was not found may still be there. */
  partial: boolean;
  byKind: Record<string, number>;
  /** What the kinds that were found mean, and who acts. */
  kinds: Record<string, KindDescription>;
  discrepancies: ReportedDiscrepancy[];
  /** Of the causes, how many come from the audit trail at most; null when none was given or nothing differed. */
  trail: TrailReading | null;
  apiCalls: number;
  tableReads: { totals: number; small: number; large: number };
  /** The range of digests that was recomputed from values, or null when none was. */
  contentCheck: { from: number; to: number; records: number; suspects: number } | null;
  /** What the content check used of its daily API budget; null when none was asked for. */
  contentCheckCost: ContentCheckCost | null;
  /** Why the content check broke off: its range counts as not checked, everything else in the report holds. */
  contentCheckFailure: string | null;
  /** Of the rolling content check, this run's included. */
  contentCheckAge: ContentCheckAge;
  note: string | null;
}
