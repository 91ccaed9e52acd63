import type { Clock } from 'kernel/clock.ts';
import type { Element } from './digest/element.ts';
import { auditAge, type AuditedRange } from './audit-age.ts';
import { emptyCell } from './digest/peel.ts';
import { audit, type AuditOutcome } from './find/audit.ts';
import { findCandidates, type Candidates } from './find/candidates.ts';
import { classify } from './find/classify.ts';
import { mayBeDuplicate, tellDuplicates } from './find/duplicates.ts';
import { repairAll, type RepairPorts } from './repair/carry-out.ts';
import { confirmRepairs } from './repair/confirm.ts';
import { planRepair, trips } from './repair/plan.ts';
import type { Compared, Range } from './types.ts';
import type { ReconciliationReport, ReportedDiscrepancy } from './report.ts';
import { externalSide } from './sides/external.ts';
import { lookUp, readUnsettled as readUnsettledOutside } from './sides/external-records.ts';
import { BudgetSpent, type SalesforceClient } from './sides/salesforce-client.ts';
import {
  keysOfElements,
  readByKeys,
  readSyncedFields,
  readTombstones,
  readUnsettled,
  type SyncedFields,
} from './sides/salesforce-records.ts';
import { salesforceSide } from './sides/salesforce.ts';
import { tellCauses, usualCause, type TrailReading } from './trail/tell-causes.ts';
import type { AuditTrail } from './trail/types.ts';

export interface ReconcileOptions extends RepairPorts {
  salesforce: SalesforceClient;
  clock: Clock;
  /** What moved more recently may still be under way. */
  graceMs: number;
  dryRun: boolean;
  /** Tells the actual causes. Absent: every discrepancy has the usual cause of its kind. */
  trail?: AuditTrail;
  /** Also recompute the digests of the Cases in this range from their values. */
  audit?: Range;
  /** Cases of that range that are read by a query; more are read through a query job. Default QUERY_AT_MOST. */
  auditQueryAtMost?: number;
  /** Only records that moved at or after this time, in epoch milliseconds. */
  since?: number;
  /** Share of differing records above which nothing is repaired. */
  breakerShare?: number;
  /** Below this many discrepancies the share says nothing. */
  breakerLeast?: number;
  /** Why the circuit breaker is open already: then nothing is repaired. */
  breakerOpen?: string | null;
  /** Since when nothing gets through: what moved after that is under way, however long it takes. */
  outageSince?: number | null;
  /** What earlier runs audited. */
  audits?: AuditedRange[];
  /** How long repairs may take to arrive on both sides before the run tells that they are not confirmed. Default 0: one look. */
  confirmWaitMs?: number;
  /** API calls that their audits made in the 24 hours before. Default 0. */
  auditCallsInDay?: number;
}

const keysFound = async (options: ReconcileOptions, { salesforce, external }: Candidates): Promise<Set<string>> => {
  const keys = new Set<string>();
  if (external.length > 0) for (const { key } of await lookUp(options.external, [], external)) keys.add(key);
  // an updated record is two elements with one identity: its key is known already
  const known = new Set(external.map(({ k1, k2 }) => `${k1}|${k2}`));
  const onlyOurs: Element[] = salesforce.filter(({ k1, k2 }) => !known.has(`${k1}|${k2}`));
  if (onlyOurs.length > 0) for (const key of await keysOfElements(options.salesforce, onlyOurs)) keys.add(key);
  return keys;
};

/**
 * Compares both sides by sums, confirms every candidate by reading it again on both sides, and repairs
 * what follows from ownership. Nothing that was merely decoded is ever reported.
 */
export const reconcile = async (options: ReconcileOptions): Promise<ReconciliationReport> => {
  const { salesforce: client, clock, dryRun } = options;
  const startedAt = clock.now();
  const found: ReportedDiscrepancy[] = [];
  let candidates: Candidates = {
    salesforce: [],
    external: [],
    totals: { salesforce: emptyCell(), external: emptyCell() },
    reads: { totals: 0, small: 0, large: 0 },
  };
  let outcome: AuditOutcome | null = null;
  let fields: SyncedFields | null = null;
  const inFlightKeys: string[] = [];
  const compared: (Compared & { discrepancy: ReportedDiscrepancy })[] = [];
  let note: string | null = null;
  const confirmed = new Set<string>();
  const pairs = new Set<string>();
  const report = (findings: Compared[]): void => {
    for (const finding of findings) {
      const repair = planRepair(finding.discrepancy, finding.salesforce, finding.external);
      const discrepancy: ReportedDiscrepancy = {
        ...finding.discrepancy,
        ...usualCause(finding.discrepancy.kind),
        repair,
        outcome: repair ? 'planned' : 'left to a person',
      };
      found.push(discrepancy);
      compared.push({ ...finding, discrepancy });
    }
  };
  const confirm = async (fields: SyncedFields, keys: Iterable<string>): Promise<void> => {
    const wanted = [...new Set(keys)].filter((key) => !confirmed.has(key)).sort();
    for (const key of wanted) confirmed.add(key);
    const inside = new Map((await readByKeys(client, fields, wanted)).map((state) => [state.key, state]));
    const outside = new Map((await lookUp(options.external, wanted)).map((state) => [state.key, state]));
    const missing = wanted.filter((key) => !inside.has(key));
    const tombstones = missing.length > 0 ? await readTombstones(client, missing) : new Set<string>();
    const { graceMs } = options;
    const now = Math.min(clock.now(), options.outageSince ?? Infinity);
    const rules = { ...fields, now, graceMs, latest: clock.now() + graceMs };
    const suspects: Compared[] = [];
    for (const key of wanted) {
      const [ours, theirs] = [inside.get(key) ?? null, outside.get(key) ?? null];
      const moved = Math.max(ours?.modifiedAt ?? 0, theirs?.updatedAt ?? 0);
      if (options.since !== undefined && moved < options.since) continue;
      const finding = classify(ours, theirs, tombstones.has(key), rules);
      if (finding === 'in flight') inFlightKeys.push(key);
      if (typeof finding === 'string') continue;
      const finished: Compared = { discrepancy: finding, salesforce: ours, external: theirs };
      if (mayBeDuplicate(finished)) suspects.push(finished);
      else report([finished]);
    }
    // last: when the budget ends here, what needs no further look is reported already
    const told = await tellDuplicates(suspects, { ...rules, salesforce: client, external: options.external, pairs });
    report(told.compared);
    inFlightKeys.push(...told.inFlight);
  };
  try {
    fields = await readSyncedFields(client);
    candidates = await findCandidates(
      salesforceSide((queries) => client.composite(queries)),
      externalSide((path) => options.external('GET', path)),
    );
    const keys = await keysFound(options, candidates);
    for (const { key } of await readUnsettled(client, fields)) keys.add(key);
    for (const { key } of await readUnsettledOutside(options.external)) keys.add(key);
    await confirm(fields, keys);
    if (options.audit) {
      // last: when it breaks off, what the sums told is found and confirmed already
      outcome = await audit(client, fields, {
        range: options.audit,
        records: candidates.totals.salesforce.count,
        clock,
        callsInDay: options.auditCallsInDay ?? 0,
        ...(options.auditQueryAtMost === undefined ? {} : { queryAtMost: options.auditQueryAtMost }),
      });
      if (outcome.failure instanceof BudgetSpent) throw outcome.failure;
      if (outcome.audited) await confirm(fields, outcome.audited.suspects);
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    note = error.message;
  }

  const trail: TrailReading | null =
    options.trail && compared.length > 0 ? await tellCauses(options.trail, compared) : null;

  const records = Math.max(candidates.totals.salesforce.count, candidates.totals.external.count);
  const breaker = breakerOf(found, records, options);
  const stopped = breaker.state !== 'closed' && found.some(({ repair }) => repair !== null);
  if (stopped)
    for (const discrepancy of found) if (discrepancy.repair) discrepancy.outcome = 'stopped by the circuit breaker';
  if (!stopped && !dryRun && note === null && fields !== null) {
    await repairAll(found, options);
    note = await confirmRepairs(found, { ...options, fields, waitMs: options.confirmWaitMs ?? 0 }).then(
      () => null,
      (error: unknown) => {
        if (!(error instanceof BudgetSpent)) throw error;
        return error.message;
      },
    );
  }

  // suspects that were not confirmed any more vouch for nothing
  const audited = (note === null && outcome?.audited) || null;
  const byKind: ReconciliationReport['byKind'] = {};
  for (const { kind } of found) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return {
    runKey: options.runKey,
    object: 'Case',
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(clock.now()).toISOString(),
    dryRun,
    verdict: verdictOf(found, stopped, note),
    totals: candidates.totals,
    candidates: candidates.salesforce.length + candidates.external.length,
    inFlight: inFlightKeys.length,
    inFlightKeys,
    breaker,
    outageSince: options.outageSince == null ? null : new Date(options.outageSince).toISOString(),
    partial: note !== null || options.since !== undefined,
    byKind,
    discrepancies: found,
    trail,
    apiCalls: client.calls,
    tableReads: candidates.reads,
    audit: audited && { ...audited.range, records: audited.records, suspects: audited.suspects.length },
    auditCost: outcome?.cost ?? null,
    auditFailure: outcome?.failure?.message ?? null,
    auditAge: auditAge([...(options.audits ?? []), ...(audited ? [{ ...audited.range, at: startedAt }] : [])]),
    note,
  };
};

const breakerOf = (
  found: ReportedDiscrepancy[],
  records: number,
  options: ReconcileOptions,
): ReconciliationReport['breaker'] => {
  if (options.breakerOpen) return { state: 'open', reason: options.breakerOpen };
  if (!trips(found.length, records, options.breakerShare, options.breakerLeast))
    return { state: 'closed', reason: null };
  return { state: 'tripped', reason: `${found.length} of ${records} records differ.` };
};

const verdictOf = (
  found: ReportedDiscrepancy[],
  stopped: boolean,
  note: string | null,
): ReconciliationReport['verdict'] => {
  if (note !== null) return 'budget spent';
  if (stopped) return 'stopped by the circuit breaker';
  if (found.length === 0) return 'equal';
  if (found.every(({ outcome }) => outcome === 'confirmed')) return 'repaired';
  const wasSent = ({ outcome }: ReportedDiscrepancy): boolean =>
    outcome === 'confirmed' || outcome === 'sent, not confirmed';
  return found.every(wasSent) ? 'sent, not confirmed' : 'discrepancies';
};
