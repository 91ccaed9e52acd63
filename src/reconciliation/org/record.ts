import type { Scalar } from '../../shared/values.ts';
import { emptyCell } from '../digest/peel.ts';
import type { ReconciliationReport } from '../report.ts';
import type { ReportedDiscrepancy } from '../types.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import { bySize } from '../../shared/by-size.ts';
import { seconds } from '../../shared/salesforce/soql.ts';

const PATH = '/services/apexrest/concord/v1/runs';
/** What RunResource takes in one call. */
const DISCREPANCIES_A_CALL = 200;
const KEYS_A_CALL = 2000;
/** Bytes of JSON in one call: an Apex request has 6 MB of heap for the text and all that is made of it. */
const BYTES_A_CALL = 1_000_000;
/** The org keeps values to look at, not to restore from. */
const MAX_VALUE_LENGTH = 1000;
const DAY = 24 * 3_600_000;

/** The org's answer to the last call. */
export interface Recorded {
  runId: string;
  opened: number;
  resolved: number;
  breakerOpen: boolean;
  breakerReason: string | null;
  jobLate: boolean;
  jobLastRunAt: string | null;
}

const VERDICTS: Record<ReconciliationReport['verdict'], string> = {
  equal: 'Equal',
  repaired: 'Repaired',
  'sent, not confirmed': 'Discrepancies',
  discrepancies: 'Discrepancies',
  'stopped by the circuit breaker': 'Stopped by Breaker',
  'budget spent': 'Budget Spent',
};

const statusOf = (outcome: ReportedDiscrepancy['outcome']): string => {
  if (outcome === 'confirmed' || outcome === 'sent, not confirmed') return 'Repairing';
  return outcome === 'left to a person' ? 'Left to a Person' : 'Open';
};

const shown = (value: Scalar): Scalar => (typeof value === 'string' ? value.slice(0, MAX_VALUE_LENGTH) : value);

const discrepancyBody = (
  { key, kind, recordId, externalId, cause, causeFrom, detail, repair, outcome, fields }: ReportedDiscrepancy,
  { kinds }: ReconciliationReport,
): object => ({
  key,
  kind,
  recordId,
  externalId,
  owner: kinds[kind]!.owner,
  cause,
  causeFrom,
  action: kinds[kind]!.action,
  detail,
  repair: repair?.do ?? 'none',
  outcome,
  status: statusOf(outcome),
  fields: fields.map(({ field, owner, salesforce, external }) => ({
    field,
    owner,
    salesforce: shown(salesforce),
    external: shown(external),
  })),
});

const contentCheckBody = ({
  contentCheck,
  contentCheckCost,
  contentCheckFailure,
  contentCheckAge,
  finishedAt,
}: ReconciliationReport): unknown => ({
  from: contentCheck?.from ?? null,
  to: contentCheck?.to ?? null,
  records: contentCheck?.records ?? null,
  suspects: contentCheck?.suspects ?? null,
  calls: contentCheckCost?.calls ?? null,
  failure: contentCheckFailure,
  coveredPercent: contentCheckAge.coveredPercent,
  ageDays:
    contentCheckAge.oldestAt === null
      ? null
      : Math.max(0, Math.round(((Date.parse(finishedAt) - contentCheckAge.oldestAt) / DAY) * 10) / 10),
});

const header = (report: ReconciliationReport): Record<string, unknown> => ({
  runKey: report.runKey,
  flow: report.flow,
  asOf: seconds(report.startedAt),
  startedAt: seconds(report.startedAt),
  finishedAt: seconds(report.finishedAt),
  verdict: VERDICTS[report.verdict],
  breaker: report.breaker.state === 'tripped',
  salesforce: report.totals.salesforce,
  external: report.totals.external,
  candidates: report.candidates,
  inFlight: report.inFlight,
  found: report.discrepancies.length,
  apiCalls: report.apiCalls,
  contentCheck: contentCheckBody(report),
  note: report.breaker.state === 'tripped' ? report.breaker.reason : report.note,
  // a run that saw only a part says nothing about the rest
  resolvesOthers: !report.partial,
});

/** What RunResource is told of the discrepancies, call by call. */
const discrepancyCalls = (report: ReconciliationReport): object[][] => {
  const bodies = report.discrepancies.map((discrepancy) => ({ payload: discrepancyBody(discrepancy, report) }));
  const calls = Array.from({ length: Math.ceil(bodies.length / DISCREPANCIES_A_CALL) }, (_, i) =>
    bodies.slice(i * DISCREPANCIES_A_CALL, (i + 1) * DISCREPANCIES_A_CALL),
  );
  return calls.flatMap((call) => bySize(call, BYTES_A_CALL)).map((call) => call.map(({ payload }) => payload));
};

/** Stores the run and its discrepancies in the org. The same report again changes nothing. */
export const recordRun = async (client: SalesforceClient, report: ReconciliationReport): Promise<Recorded> => {
  const discrepancies = discrepancyCalls(report);
  const calls = Math.max(1, discrepancies.length, Math.ceil(report.inFlightKeys.length / KEYS_A_CALL));
  let opened = 0;
  let resolved = 0;
  for (let call = 0; ;) {
    const complete = call === calls - 1;
    const answer = await client.post<Recorded & { more: boolean }>(PATH, {
      ...header(report),
      complete,
      discrepancies: discrepancies[call] ?? [],
      moving: report.inFlightKeys.slice(call * KEYS_A_CALL, (call + 1) * KEYS_A_CALL),
    });
    opened += answer.opened;
    resolved += answer.resolved;
    if (complete && !answer.more) return { ...answer, opened, resolved };
    if (!complete) call++;
  }
};

/** Stores that a comparison broke off, so that the org's people are alerted. Times are ISO 8601. */
export const recordFailure = (
  client: SalesforceClient,
  failure: { flow: string; runKey: string; startedAt: string; finishedAt: string; reason: string; apiCalls: number },
): Promise<Recorded> =>
  client.post(PATH, {
    runKey: failure.runKey,
    flow: failure.flow,
    asOf: seconds(failure.startedAt),
    startedAt: seconds(failure.startedAt),
    finishedAt: seconds(failure.finishedAt),
    verdict: 'Failed',
    breaker: false,
    salesforce: emptyCell(),
    external: emptyCell(),
    candidates: 0,
    inFlight: 0,
    found: 0,
    apiCalls: failure.apiCalls,
    contentCheck: null,
    note: failure.reason,
    complete: true,
    resolvesOthers: false,
    discrepancies: [],
    moving: [],
  });
