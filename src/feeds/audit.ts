/**
 * The rolling audit: each run reads another part of the feed's records in Salesforce, in the order of their ids, and compares them
 * with what the feed holds. It finds what the fence cannot: edits under the feed's own user, deletions that were purged,
 * records that left the feed. What it finds is drift, and told or repaired like all drift.
 */
import { SalesforceError } from '../shared/salesforce/errors.ts';
import { LoginRefused } from '../shared/salesforce/login.ts';
import {
  dropQueryJob,
  makeQueryJob,
  QueryJobFailed,
  RECORDS_A_SET,
  rowsOfJob,
  type JobRoad,
} from '../shared/salesforce/query-job.ts';
import type { ContentType } from '../shared/digest/content.ts';
import { isText, type Plain } from '../shared/shapes.ts';
import type { Scalar } from '../shared/values.ts';
import { auditState, countHeld, idAfter, NO_JOB, noteAudit, type AuditState } from './db/audit.ts';
import { observeNotMet } from './db/rows.ts';
import { isAfter, noteRecords, observePage, PAGE, queryOf, type Observed } from './observe.ts';
import { contentTypeOf, pathOf, type RecordPlan } from './record.ts';
import type { Audited, AuditPolicy } from './types.ts';
import { patiently } from './writing.ts';

const DAY = 24 * 3_600_000;
/** What a query job costs at least: made, looked at twice, read, deleted. What fewer pages read is read by pages. */
const PAGES_OF_A_JOB = 5;
/** Of the budget of a job: it is made, looked at seven times (in four minutes), aborted or deleted. The others read sets of results. */
const CALLS_AROUND_SETS = 9;
/** Milliseconds between looks. Each look is an API call; the longest pause is shorter than a run's lease. */
const WAIT = { firstMs: 2_000, maxMs: 5 * 60_000 };

/** The audit has made all the calls that the policy allows. */
class AuditSpent extends Error {}

/** Records that are due since the last part was read, so that a round takes as long as the policy says. */
const recordsDue = (held: number, since: Date | null, now: number, { everyDays }: AuditPolicy): number => {
  const share = since === null ? 1 : Math.min(1, (now - since.getTime()) / (everyDays * DAY));
  return Math.max(1, Math.ceil(held * share));
};

const audited = (through: Audited['through'], policy: AuditPolicy): Audited => ({
  through,
  records: 0,
  calls: 0,
  ...policy,
  brokeOff: null,
});

/** Notes that a part was read: from one record on, up to another; null: to the end, and the round is over. */
const noteRead = (
  { db, run }: Observed,
  state: AuditState,
  { from, to, readAt }: { from: string; to: string | null; readAt: Date },
): Promise<AuditState> => {
  const begun = state.round_started_at ?? readAt;
  const next: AuditState =
    to === null
      ? { position: '', round_started_at: null, vouched_since: begun, read_at: readAt, ...NO_JOB }
      : { ...state, position: to, round_started_at: begun, read_at: readAt, ...NO_JOB };
  return db.transaction(async (tx) => {
    await observeNotMet(tx, run, { from, to });
    await noteAudit(tx, run, next);
    return next;
  });
};

const auditPages = async (observed: Observed, policy: AuditPolicy, pages: number): Promise<Audited> => {
  const told = audited('pages', policy);
  let state = await auditState(observed.db, observed.run);
  for (let read = 0; read < Math.min(pages, policy.maxCalls); read++) {
    const from = state.position;
    const { records, last } = await observePage(observed, '', from);
    told.records += records;
    state = await noteRead(observed, state, { from, to: last, readAt: new Date(observed.now) });
    if (last === null) break;
  }
  return told;
};

const typesOf = ({ fields }: RecordPlan): Record<string, ContentType> =>
  Object.fromEntries(fields.map((field) => [pathOf(field), contentTypeOf(field)]));

/** A row of a query job as a query would tell the record: the external id of a parent within the look-up. */
const recordOf = ({ fields }: RecordPlan, row: Record<string, Scalar>): Plain & { Id: string } => {
  const parents = fields.flatMap((field): [string, Plain | null][] => {
    const { name, parentKey } = field;
    if (parentKey === null) return [];
    const key = row[pathOf(field)];
    return [[name, key === null || key === undefined ? null : { [parentKey]: key }]];
  });
  return { ...row, Id: String(row.Id), ...Object.fromEntries(parents) };
};

const roadOf = (observed: Observed): JobRoad => {
  const { client, clock, signal, onPage, plan } = observed;
  const isRow = (row: Record<string, Scalar>): boolean => isText(row.Id) && plan.externalId.name in row;
  return { client, clock, signal, wait: WAIT, onLook: onPage, isRow, send: (call) => patiently(observed, call) };
};

/** Makes the job of the next part, and notes its id. A job whose id did not arrive reads for nobody, and goes by itself. */
const begin = async (observed: Observed, state: AuditState, records: number): Promise<AuditState> => {
  const { db, run, clock } = observed;
  const from = state.position;
  const to = await idAfter(db, run, { from, records });
  const upTo = to === null ? '' : ` AND Id <= '${to}'`;
  const madeAt = new Date(clock.now());
  const id = await makeQueryJob(roadOf(observed), queryOf(observed, isAfter(from) + upTo));
  const next = { ...state, job_id: id, job_made_at: madeAt, job_from: from, job_to: to };
  await noteAudit(db, run, next);
  return next;
};

/** Reads the job's part, a set of results at a time, and notes it when it is whole. */
const readJob = async (observed: Observed, state: AuditState, told: Audited): Promise<void> => {
  const { plan, onPage, pageSize = PAGE } = observed;
  const road = roadOf(observed);
  const id = state.job_id!;
  for await (const rows of rowsOfJob(road, id, typesOf(plan))) {
    for (let at = 0; at < rows.length; at += pageSize) {
      const records = rows.slice(at, at + pageSize).map((row) => recordOf(plan, row));
      await noteRecords(observed, records, { isLate: true });
      await onPage();
    }
    told.records += rows.length;
  }
  await noteRead(observed, state, { from: state.job_from!, to: state.job_to, readAt: state.job_made_at! });
  await dropQueryJob(road, id);
};

/** What ends an audit, and not the run: its job, its budget, a right that the user has not. */
const endsAudit = (error: unknown): error is Error =>
  error instanceof QueryJobFailed ||
  error instanceof AuditSpent ||
  (error instanceof SalesforceError && !(error instanceof LoginRefused));

/** Salesforce is told to stop what nobody waits for. */
const abandon = async ({ client }: Observed, id: string): Promise<void> => {
  await client.change('PATCH', `/jobs/query/${id}`, { state: 'Aborted' }).catch(() => {});
};

/** By a query job: a new one of so many records, or the one that a run before has left; null: Salesforce has that one no more. */
const auditByJob = async (
  observed: Observed,
  policy: AuditPolicy,
  { records, left }: { records: number; left: AuditState | null },
): Promise<Audited | null> => {
  const { client, db, run } = observed;
  const told = audited('query job', policy);
  let state = left ?? (await auditState(db, run));
  const spent = (): Error =>
    new AuditSpent(`its budget of ${policy.maxCalls} API calls is spent; raise "maxCalls" or "everyDays"`);
  try {
    // one call is kept for the end
    await client.within(policy.maxCalls - 1, spent, async () => {
      if (left === null) state = await begin(observed, state, records);
      await readJob(observed, state, told);
    });
  } catch (error) {
    if (!endsAudit(error)) throw error;
    if (error instanceof AuditSpent && state.job_id !== null) await abandon(observed, state.job_id);
    await noteAudit(db, run, { ...state, ...NO_JOB });
    // Salesforce keeps jobs for seven days
    if (left !== null && error instanceof SalesforceError && error.status === 404) return null;
    told.brokeOff = error.message;
  }
  return told;
};

const counted = async <T extends Audited | null>(client: Observed['client'], work: () => Promise<T>): Promise<T> => {
  const before = client.calls;
  const told = await work();
  return told && { ...told, calls: client.calls - before };
};

/**
 * Reads the next part: pages of 2,000 records, or from five pages on a query job, whose results come in sets of 50,000; at most
 * `maxCalls` calls. What ends a job before its time ends the audit, and is told. Rejects as `observeChanges`.
 */
export const auditPart = async (observed: Observed, policy: AuditPolicy): Promise<Audited | null> => {
  const { client, db, run, now, pageSize = PAGE } = observed;
  const { read_at: since } = await auditState(db, run);
  const due = recordsDue(await countHeld(db, run), since, now, policy);
  const pages = Math.ceil(due / pageSize);
  const sets = policy.maxCalls - CALLS_AROUND_SETS;
  return counted(client, () =>
    pages > PAGES_OF_A_JOB && sets > 0
      ? auditByJob(observed, policy, { records: Math.min(due, sets * RECORDS_A_SET), left: null })
      : auditPages(observed, policy, pages),
  );
};

/**
 * Reads the job that a run which broke off has left. Before the run looks at what changed: the job's word is older. Null: there is
 * none, or Salesforce does not have it any more. Nobody has written since it was made: a run writes after its audit.
 */
export const resumeAudit = async (observed: Observed, policy: AuditPolicy | undefined): Promise<Audited | null> => {
  const { client, db, run } = observed;
  const left = await auditState(db, run);
  if (left.job_id === null) return null;
  if (policy) return counted(client, () => auditByJob(observed, policy, { records: 0, left }));
  await noteAudit(db, run, { ...left, ...NO_JOB });
  return null;
};

/** Notes that all records were read just now: without a fence a run reads them in any case. */
export const noteWhole = async ({ db, run, now }: Observed): Promise<void> => {
  const at = new Date(now);
  await noteAudit(db, run, { position: '', round_started_at: null, vouched_since: at, read_at: at, ...NO_JOB });
};
