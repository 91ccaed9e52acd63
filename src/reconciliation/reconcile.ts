import type { Clock } from 'kernel/clock.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { BudgetSpent } from '../shared/salesforce/client.ts';
import { contentCheckAge, type CheckedRange } from './content-check-age.ts';
import type { ComparedObject, RepairPorts } from './compared-object.ts';
import { emptyCell } from './digest/peel.ts';
import { checkContents, type ContentCheckOutcome } from './find/content-check.ts';
import { candidateKeys } from './find/candidate-keys.ts';
import type { Rules } from './find/at-rest.ts';
import { findCandidates, type Candidates } from './find/candidates.ts';
import { confirm as confirmKeys, noFindings, type Findings } from './find/confirm.ts';
import { confirmRepairs } from './repair/arrived.ts';
import { trips } from './repair/breaker.ts';
import { repairAll } from './repair/carry-out.ts';
import type { ReconciliationReport } from './report.ts';
import { salesforceSide } from './sides/salesforce.ts';
import { tellCauses, usualCause, type TrailReading } from './trail/tell-causes.ts';
import type { AuditTrail } from './trail/types.ts';
import type { Compared, Range, ReportedDiscrepancy, SyncedFields } from './types.ts';

export interface ReconcileOptions extends RepairPorts {
  compared: ComparedObject;
  /** Reads the org, within the run's budget. */
  salesforce: SalesforceClient;
  clock: Clock;
  /** What moved more recently may still be under way. */
  graceMs: number;
  dryRun: boolean;
  /** Tells the actual causes. Absent: every discrepancy has the usual cause of its kind. */
  trail?: AuditTrail;
  /** Parts of the keys that are summed each for itself: as many as the size of the object asks for (readOrgState). Default 1. */
  parts?: number;
  /** Also recompute the digests of the records in this range from their values. */
  contentCheck?: Range;
  /** Records of that range that are read by a query; more are read through a query job. Default MAX_QUERIED. */
  maxContentCheckQueried?: number;
  /** Only records that moved at or after this time, in epoch milliseconds. */
  since?: number;
  /** Share of differing records above which nothing is repaired. */
  breakerShare?: number;
  /** Below this many discrepancies the share says nothing. */
  breakerLeast?: number;
  /** Why the circuit breaker is open already: then nothing is repaired. */
  breakerOpen?: string | null;
  /** Records that Salesforce lost, as when it was restored to an earlier state, are made again. Default false: they are told. */
  makesAgain?: boolean;
  /** Since when nothing gets through: what moved after that is under way, however long it takes. */
  outageSince?: number | null;
  /** Whose contents earlier runs checked. */
  contentChecks?: CheckedRange[];
  /** How long repairs may take to arrive on both sides before the run tells that they are not confirmed. Default 0: one look. */
  confirmWaitMs?: number;
  /** API calls that their content checks made in the 24 hours before. Default 0. */
  contentCheckCallsInDay?: number;
}

/** A run as far as it has come. */
interface Run {
  options: ReconcileOptions;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Null until they are read. */
  fields: SyncedFields | null;
  candidates: Candidates;
  findings: Findings;
  contentCheck: ContentCheckOutcome | null;
  found: ReportedDiscrepancy[];
  trail: TrailReading | null;
  breaker: ReconciliationReport['breaker'];
  /** Why the run ended early, or null. */
  note: string | null;
}

/**
 * Compares both sides by sums, confirms every candidate by reading it again on both sides, and repairs
 * what follows from ownership. Nothing that was merely decoded is ever reported.
 */
export const reconcile = async (options: ReconcileOptions): Promise<ReconciliationReport> => {
  const run = begin(options);
  await withinBudget(run, async () => {
    run.fields = await options.compared.inside.readFields(options.salesforce);
    const keys = await find(run);
    await confirm(run, run.fields, keys);
    await findBeside(run);
    await checkContentsOfRun(run, run.fields);
  });
  await explain(run);
  await repair(run);
  return report(run);
};

const begin = (options: ReconcileOptions): Run => ({
  options,
  startedAt: options.clock.now(),
  fields: null,
  candidates: {
    salesforce: [],
    external: [],
    totals: { salesforce: emptyCell(), external: emptyCell() },
    reads: { totals: 0, small: 0, large: 0 },
  },
  findings: noFindings(),
  contentCheck: null,
  found: [],
  trail: null,
  breaker: { state: 'closed', reason: null },
  note: null,
});

/** Does work until the budget of API calls is spent: what was found by then is reported. */
const withinBudget = async (run: Run, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    run.note = error.message;
  }
};

/** The keys of what may differ. */
const find = async (run: Run): Promise<Set<string>> => {
  const { compared, salesforce, external } = run.options;
  run.candidates = await findCandidates(
    salesforceSide((queries) => salesforce.composite(queries), compared.object),
    compared.outside.digests(external),
    run.options.parts,
  );
  return candidateKeys(run.options, run.candidates);
};

/** What counts as at rest by now. While nothing gets through, time stands still. */
const timesOf = ({ clock, graceMs, outageSince }: ReconcileOptions): Pick<Rules, 'now' | 'graceMs' | 'latest'> => ({
  now: Math.min(clock.now(), outageSince ?? Infinity),
  graceMs,
  latest: clock.now() + graceMs,
});

/** Looks at each key on both sides: only what differs now, and is at rest, is a discrepancy. */
const confirm = async ({ options, findings }: Run, fields: SyncedFields, keys: Iterable<string>): Promise<void> => {
  await confirmKeys(findings, keys, { ...options, fields, times: timesOf(options) });
};

/** What goes with the records, and no sum of digests tells. */
const findBeside = async ({ options, findings }: Run): Promise<void> => {
  const { compared, salesforce, external } = options;
  const found = (await compared.findBeside?.(salesforce, external, timesOf(options))) ?? [];
  findings.discrepancies.push(
    ...found.map((discrepancy): Compared => ({ discrepancy, salesforce: null, external: null })),
  );
};

/** Proves the digests of a range. Last: when it breaks off, what the sums told is found and confirmed already. */
const checkContentsOfRun = async (run: Run, fields: SyncedFields): Promise<void> => {
  const {
    compared,
    salesforce,
    clock,
    contentCheck: range,
    contentCheckCallsInDay,
    maxContentCheckQueried,
  } = run.options;
  if (!range) return;
  run.contentCheck = await checkContents(salesforce, compared, fields, {
    range,
    records: run.candidates.totals.salesforce.count,
    clock,
    callsInDay: contentCheckCallsInDay ?? 0,
    ...(maxContentCheckQueried === undefined ? {} : { maxQueried: maxContentCheckQueried }),
  });
  const { checked, failure } = run.contentCheck;
  if (failure instanceof BudgetSpent) throw failure;
  if (checked) await confirm(run, fields, checked.suspects);
};

/** Plans what repairs each discrepancy, and tells why each is there. */
const explain = async (run: Run): Promise<void> => {
  const { options } = run;
  const { compared, trail } = options;
  const told = run.findings.discrepancies.map((finding) => ({ ...finding, discrepancy: planned(options, finding) }));
  run.found = told.map(({ discrepancy }) => discrepancy);
  if (trail && told.length > 0) run.trail = await tellCauses(compared, trail, told);
};

const planned = (
  { compared, makesAgain = false }: ReconcileOptions,
  { discrepancy, salesforce, external }: Compared,
): ReportedDiscrepancy => {
  const step = compared.plan(discrepancy, salesforce, external, { makesAgain });
  return {
    ...discrepancy,
    ...usualCause(compared, discrepancy.kind),
    repair: step,
    outcome: step ? 'planned' : 'left to a person',
  };
};

/** Repairs what was found, unless the breaker is open, and looks whether it arrives. */
const repair = async (run: Run): Promise<void> => {
  const { options, found, fields } = run;
  run.breaker = breakerOf(found, recordsOf(run), options);
  if (isStopped(run)) {
    for (const discrepancy of found) if (discrepancy.repair) discrepancy.outcome = 'stopped by the circuit breaker';
    return;
  }
  if (options.dryRun || run.note !== null || fields === null) return;
  await repairAll(options.compared, found, options);
  await withinBudget(run, () => confirmRepairs(found, { ...options, fields, waitMs: options.confirmWaitMs ?? 0 }));
};

const report = (run: Run): ReconciliationReport => {
  const { options, startedAt, candidates, findings, found, breaker, trail, note } = run;
  const { compared, clock, since, outageSince } = options;
  // suspects that were not confirmed any more vouch for nothing
  const checked = (note === null && run.contentCheck?.checked) || null;
  const byKind: ReconciliationReport['byKind'] = {};
  for (const { kind } of found) byKind[kind] = (byKind[kind] ?? 0) + 1;
  return {
    runKey: options.runKey,
    flow: compared.flow,
    object: compared.object,
    names: compared.names,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(clock.now()).toISOString(),
    dryRun: options.dryRun,
    verdict: verdictOf(found, isStopped(run), note),
    totals: candidates.totals,
    candidates: candidates.salesforce.length + candidates.external.length,
    inFlight: findings.inFlight.length,
    inFlightKeys: findings.inFlight,
    breaker,
    outageSince: outageSince == null ? null : new Date(outageSince).toISOString(),
    partial: note !== null || since !== undefined,
    byKind,
    kinds: Object.fromEntries(Object.keys(byKind).map((kind) => [kind, compared.kinds[kind]!])),
    discrepancies: found,
    trail,
    apiCalls: options.salesforce.calls,
    tableReads: candidates.reads,
    contentCheck: checked && { ...checked.range, records: checked.records, suspects: checked.suspects.length },
    contentCheckCost: run.contentCheck?.cost ?? null,
    contentCheckFailure: run.contentCheck?.failure?.message ?? null,
    contentCheckAge: contentCheckAge([
      ...(options.contentChecks ?? []),
      ...(checked ? [{ ...checked.range, at: startedAt }] : []),
    ]),
    note,
  };
};

const recordsOf = ({ candidates: { totals } }: Run): number => Math.max(totals.salesforce.count, totals.external.count);

const isStopped = ({ breaker, found }: Run): boolean =>
  breaker.state !== 'closed' && found.some(({ repair }) => repair !== null);

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
