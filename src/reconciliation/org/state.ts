import type { CheckedRange } from '../content-check-age.ts';
import type { ComparedObject } from '../compared-object.ts';
import { partsFor, sampleOf } from '../sides/key-range.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import { isOneOf, timeOf } from '../../shared/salesforce/soql.ts';

/** What the org says before a comparison: how it is to be done, whether repair is allowed, what earlier runs vouch for. */
export interface OrgState {
  graceMs: number;
  /** Share of differing records, 0 to 1, and least count above which the circuit breaker opens. */
  breakerShare: number;
  breakerLeast: number;
  /** Why automatic repair of the flow is stopped, or null. */
  breakerOpen: string | null;
  /** When the scheduled job last ended a run, in epoch milliseconds; null: never. */
  jobLastRunAt: number | null;
  /** No run of the job ended for two of its intervals. */
  jobLate: boolean;
  /** Since when nothing gets through, by the middle layer's heartbeat; null: work gets through, or nobody reports. */
  outageSince: number | null;
  contentChecks: CheckedRange[];
  /** API calls that content checks made in the last 24 hours, of whatever flow: they have one budget. */
  contentCheckCallsInDay: number;
  /** Parts of the keys to be summed each for itself. */
  parts: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** As the org itself counts (LateRuns): one firing may be skipped because a run was still under way. */
const MISSED_FIRINGS = 2;
/** Enough for a rolling content check of a slice a day, thirty days round, several runs a day of several flows. */
const MAX_CONTENT_CHECKS = 2000;

const text = (value: unknown): string => (typeof value === 'string' ? value : 'no reason was given');

/** As the org itself judges (class Outage): silent, or not caught up for as long as the grace. */
const outageSince = (control: Record<string, unknown> | undefined, now: number, graceMs: number): number | null => {
  const [swept, clear] = [timeOf(control?.Swept_At__c), timeOf(control?.Clear_Since__c)];
  // a time that has not come was written by a wrong clock
  if (swept === null || swept > now + graceMs || (clear !== null && clear > now + graceMs)) return null;
  const isSilent = swept < now - graceMs;
  if (!isSilent && clear !== null && clear <= now - graceMs) return null;
  return timeOf(control?.Waiting_Since__c) ?? (isSilent ? swept : now);
};

/** A person closes the breaker; a renewal ends by itself. */
const whyStopped = (ofFlow: Record<string, unknown> | undefined): string | null => {
  if (ofFlow?.Breaker_Open_Since__c) return text(ofFlow.Breaker_Reason__c);
  return ofFlow?.Renewing_Since__c
    ? `digests are being renewed since ${text(ofFlow.Renewing_Since__c)}: repair goes on when that has ended`
    : null;
};

const SETTINGS = ['Grace_Minutes__c', 'Jobs_Per_Hour__c', 'Breaker_Share__c', 'Breaker_Least__c'] as const;
type Settings = Record<(typeof SETTINGS)[number], number>;

/** Only the organisation's own row of the hierarchy custom setting counts, as for the org itself (class ConcordSettings). */
const ORG_PREFIX = '00D';

/** What operators set stands above what comes with Concord. */
const settingsOf = (
  defaults: Record<string, unknown> | undefined,
  own: readonly Record<string, unknown>[],
): Settings => {
  if (!defaults)
    throw new Error('the org has no custom metadata record Concord_Setting.Default; deploy force-app first');
  const set = own.find((row) => String(row.SetupOwnerId).startsWith(ORG_PREFIX));
  return Object.fromEntries(SETTINGS.map((name) => [name, Number(set?.[name] ?? defaults[name])])) as Settings;
};

/** The control records (class SyncControls): of all flows, and of one. */
const FOR_ALL = 'Default';
const keyOfFlow = (flow: string): string => `flow:${flow}`;

/** A content check that came to its end. A run from before flows has none, and counts for each. */
const vouchesFor = (run: Record<string, unknown>, flow: string): boolean =>
  run.Content_Check_From__c != null && (run.Flow__c == null || run.Flow__c === flow);

const checkedRange = (run: Record<string, unknown>): CheckedRange => ({
  from: Number(run.Content_Check_From__c),
  to: Number(run.Content_Check_To__c),
  at: timeOf(run.As_Of__c) ?? 0,
});

/** What it says to a comparison of this flow, in one API call. `now`: epoch milliseconds. */
export const readOrgState = async (
  client: SalesforceClient,
  { flow, object }: Pick<ComparedObject, 'flow' | 'object'>,
  now: number,
): Promise<OrgState> => {
  const [defaults, own, controls, runs, sample] = await client.composite([
    `SELECT ${SETTINGS.join(', ')} FROM Concord_Setting__mdt WHERE DeveloperName = 'Default'`,
    `SELECT SetupOwnerId, ${SETTINGS.join(', ')} FROM Concord_Operator_Setting__c`,
    `SELECT Key__c, Activated_At__c, Last_Run_At__c, Breaker_Open_Since__c, Breaker_Reason__c, Renewing_Since__c, Swept_At__c, Clear_Since__c, Waiting_Since__c FROM Sync_Control__c WHERE ${isOneOf('Key__c', [FOR_ALL, keyOfFlow(flow)])}`,
    `SELECT Flow__c, Content_Check_From__c, Content_Check_To__c, As_Of__c, Content_Check_Calls__c FROM Reconciliation_Run__c WHERE Type__c = 'Two-Sided' AND (Content_Check_From__c != null OR Content_Check_Calls__c > 0) ORDER BY As_Of__c DESC LIMIT ${MAX_CONTENT_CHECKS}`,
    sampleOf(object),
  ]);
  const control = controls!.find((row) => row.Key__c === FOR_ALL);
  const ofFlow = controls!.find((row) => row.Key__c === keyOfFlow(flow));
  const setting = settingsOf(defaults![0], own!);
  const jobLastRunAt = timeOf(ofFlow?.Last_Run_At__c);
  const jobSeen = Math.max(jobLastRunAt ?? 0, timeOf(control?.Activated_At__c) ?? 0);
  const graceMs = setting.Grace_Minutes__c * MINUTE;
  return {
    graceMs,
    breakerShare: setting.Breaker_Share__c / 100,
    breakerLeast: setting.Breaker_Least__c,
    breakerOpen: whyStopped(ofFlow),
    jobLastRunAt,
    jobLate: now - jobSeen > ((MISSED_FIRINGS * 60) / setting.Jobs_Per_Hour__c) * MINUTE,
    outageSince: outageSince(control, now, graceMs),
    contentChecks: runs!.filter((run) => vouchesFor(run, flow)).map(checkedRange),
    contentCheckCallsInDay: runs!
      .filter((run) => (timeOf(run.As_Of__c) ?? 0) > now - DAY)
      .reduce((sum, run) => sum + Number(run.Content_Check_Calls__c ?? 0), 0),
    parts: partsFor(Number(sample![0]?.n ?? 0)),
  };
};

const CLOSE_BREAKER = '/services/apexrest/concord/v1/breaker/close';

/** Closes the circuit breaker of a flow as the person the client belongs to, who needs the permission Close Concord Breaker. */
export const closeBreaker = async (client: SalesforceClient, flow: string): Promise<void> => {
  await client.post(CLOSE_BREAKER, { flow });
};
