import type { Rejection } from './seeding/types.ts';
import type { Difference } from './proof/compare.ts';

/** What `--report` writes. Figures are counts; `seconds` is real time. */
export interface Report {
  /** Rows that became Cases. */
  cases: number;
  /** Cases that both sides hold with equal values and the state `Success`. */
  synced: number;
  /** Cases that the external system refused; both sides show them as failed. */
  failed: number;
  rejected: Rejection[];
  /** How often each fault struck. */
  faultsInjected: Record<string, number>;
  /** Found by the scheduled Apex job, summed over its run records. */
  discrepanciesFound: number;
  discrepanciesRepaired: number;
  discrepanciesLeft: number;
  duplicates: number;
  differences: Difference[];
  reconciliationRuns: number;
  /** Records that the external system's own pollers triggered again: the lost acknowledgements among them. */
  retriggeredOutside: number;
  /** Salesforce API calls that the sync made. */
  apiCalls: number;
  /** Minutes that passed on the injected clock. */
  clockMinutes: number;
  seconds: number;
}

const SHOWN = 20;

/** The report for people. */
export const renderReport = (report: Report): string => {
  const faults = Object.entries(report.faultsInjected);
  const lines = [
    '',
    `  rows seeded as Cases         ${report.cases}`,
    `  rejected rows                ${report.rejected.length}`,
    ...report.rejected
      .slice(0, SHOWN)
      .map(
        ({ row, name, field, reason }) =>
          `    row ${row}${name ? ` (${name})` : ''}${field ? `, ${field}` : ''}: ${reason}`,
      ),
    ...(report.rejected.length > SHOWN
      ? [`    … ${report.rejected.length - SHOWN} more in the JSON report (--report FILE)`]
      : []),
    `  faults injected              ${faults.length ? faults.map(([name, count]) => `${name} ${count}`).join(', ') : 'none'}`,
    `  discrepancies found          ${report.discrepanciesFound} (by ${report.reconciliationRuns} runs of CaseReconciliationJob)`,
    `  discrepancies repaired       ${report.discrepanciesRepaired}`,
    `  triggered again outside      ${report.retriggeredOutside} (by the external system's pollers, as after a lost acknowledgement)`,
    `  discrepancies left           ${report.discrepanciesLeft}`,
    ...report.differences
      .slice(0, SHOWN)
      .map(
        (difference) =>
          `    ${difference.kind}: ${difference.externalId ?? '-'} ${difference.caseId ?? '-'} ${difference.detail}`,
      ),
    `  duplicates                   ${report.duplicates}`,
    `  proof                        ${report.synced} of ${report.cases - report.failed} Cases equal in every synced field, ${report.failed} failed on both sides`,
    `  Salesforce API calls         ${report.apiCalls}`,
    `  time                         ${report.seconds.toFixed(1)} s (${Math.round(report.clockMinutes)} min on the clock)`,
    '',
  ];
  return lines.join('\n');
};
