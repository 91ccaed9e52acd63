import type { Clock } from 'kernel/clock.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import type { ComparedObject } from '../compared-object.ts';
import type { Rules } from '../find/at-rest.ts';
import { readByKeys } from '../sides/salesforce-records.ts';
import type { ExternalRequest, ReportedDiscrepancy, SyncedFields } from '../types.ts';

export interface ConfirmOptions {
  compared: ComparedObject;
  salesforce: SalesforceClient;
  external: ExternalRequest;
  clock: Clock;
  fields: SyncedFields;
  /** How long repairs may take to arrive. 0: they are looked at once. */
  waitMs: number;
}

/** First pause between two looks; it doubles, for each look costs an API call for 1,000 records. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 16_000;

/** Whether both sides agree and rest: nothing is under way, however short it has been. */
const agreed = async (keys: string[], options: ConfirmOptions): Promise<Set<string>> => {
  const { compared, salesforce, external, fields } = options;
  const inside = new Map((await readByKeys(salesforce, compared, fields, keys)).map((state) => [state.key, state]));
  const outside = new Map((await compared.outside.lookUp(external, { keys })).map((state) => [state.key, state]));
  const rules: Rules = { ...fields, now: Number.POSITIVE_INFINITY, graceMs: 0, latest: 0 };
  return new Set(
    keys.filter((key) => {
      const [ours, theirs] = [inside.get(key) ?? null, outside.get(key) ?? null];
      return ours !== null && theirs !== null && compared.classify(ours, theirs, null, rules) === 'equal';
    }),
  );
};

/**
 * A repair is done when both sides agree, not when it was sent: reads what was repaired again through both public APIs
 * until it does, or the wait is over. What is left is looked at by the next run.
 */
export const confirmRepairs = async (found: ReportedDiscrepancy[], options: ConfirmOptions): Promise<void> => {
  const { clock, waitMs } = options;
  const until = clock.now() + waitMs;
  let open = found.filter(({ outcome }) => outcome === 'sent, not confirmed');
  for (let pause = FIRST_PAUSE_MS; open.length > 0; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    const keys = [...new Set(open.map(({ key }) => key))];
    const beside = await options.compared.arrivedBeside?.(options.salesforce, options.external, open);
    const confirmed = (await agreed(keys, options)).union(beside ?? new Set());
    for (const discrepancy of open) if (confirmed.has(discrepancy.key)) discrepancy.outcome = 'confirmed';
    open = open.filter(({ key }) => !confirmed.has(key));
    const left = until - clock.now();
    if (left <= 0) return;
    if (open.length > 0) await clock.sleep(Math.min(pause, left));
  }
};
