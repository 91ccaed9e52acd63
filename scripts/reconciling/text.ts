import { contentCheckLines } from './content-check-text.ts';
import type { Recorded } from '../../src/reconciliation/org/record.ts';
import type { OrgState } from '../../src/reconciliation/org/state.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';

const DAY = 24 * 3_600_000;

/** How far the rolling content check vouches for the digests. */
export const describeContentCheck = ({
  contentCheckAge: { coveredPercent, oldestAt, newestAt },
  finishedAt,
}: ReconciliationReport): string => {
  if (newestAt === null) return 'never; use --content-check';
  const days = (at: number): string => `${Math.max(0, (Date.parse(finishedAt) - at) / DAY).toFixed(1)} days ago`;
  if (oldestAt === null) return `${coveredPercent} % of the keys, last ${days(newestAt)}`;
  return `all within the last ${days(oldestAt).replace(' ago', '')}`;
};

/** The report for a terminal. */
export const renderText = (report: ReconciliationReport): string =>
  [
    `${report.verdict}${report.dryRun ? ' (dry run)' : ''}: ${report.totals.salesforce.count} ${report.names.many}, ${report.totals.external.count} records outside, ${report.discrepancies.length} discrepancies, ${report.inFlight} in flight, ${report.apiCalls} API calls`,
    ...(report.outageSince === null
      ? []
      : [`nothing gets through since ${report.outageSince}: what moved after that counts as in flight`]),
    ...contentCheckLines(report),
    `contents checked: ${describeContentCheck(report)}`,
    ...(report.breaker.state === 'closed'
      ? []
      : [
          `circuit breaker ${report.breaker.state}: ${report.breaker.reason} Nothing was repaired; look into it, then use --close-breaker`,
        ]),
    ...(report.trail?.problem ? [`causes from the audit trail are incomplete: ${report.trail.problem}`] : []),
    ...(report.note ? [report.note] : []),
    ...report.discrepancies.flatMap(({ kind, recordId, externalId, detail, cause, causeFrom, repair, outcome }) => [
      `  ${kind}: ${report.names.one} ${recordId ?? '–'}, outside ${externalId ?? '–'}: ${detail}`,
      `    ${causeFrom === 'audit trail' ? 'cause' : 'usual cause'}: ${cause}`,
      `    ${repair ? `${repair.do}: ${outcome}` : `${report.kinds[kind]!.owner}: ${report.kinds[kind]!.action}`}`,
    ]),
    '',
  ].join('\n');

export const renderLateness = ({ jobLate, jobLastRunAt }: OrgState): string =>
  jobLate
    ? `the scheduled job is late: ${jobLastRunAt === null ? 'it never ran' : `its last run ended ${new Date(jobLastRunAt).toISOString()}`}; see Apex Jobs, or run ConcordSchedule.install()\n`
    : '';

export const renderRecorded = ({ runId, opened, resolved }: Recorded): string =>
  `recorded as run ${runId}: ${opened} new discrepancies, ${resolved} resolved\n`;
