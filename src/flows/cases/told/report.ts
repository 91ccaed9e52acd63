import type { StoryReport } from '../../../story/report.ts';
import { describeRejection } from '../../../story/seeding/seed.ts';
import type { Rejection } from '../../../story/seeding/types.ts';
import type { Difference } from './proof/compare.ts';

/** What the story of Cases came to, as counts. */
export interface CaseFigures {
  /** Rows that became Cases. */
  cases: number;
  /** Cases that both sides hold with equal values and the state `Success`. */
  synced: number;
  /** Cases that the external system refused; both sides show them as failed. */
  failed: number;
  rejected: Rejection[];
  /** Found by the scheduled Apex job, summed over its run records. */
  discrepanciesFound: number;
  discrepanciesRepaired: number;
  discrepanciesLeft: number;
  duplicates: number;
  differences: Difference[];
  reconciliationRuns: number;
  /** Records that the external system's own pollers triggered again: the lost acknowledgements among them. */
  retriggeredOutside: number;
}

/** What `--report` writes when Cases are the only flow. */
export type Report = StoryReport & CaseFigures;

const SHOWN = 20;

/** The figures for people. */
export const renderCases = (figures: CaseFigures): string[] => [
  `  rows seeded as Cases         ${figures.cases}`,
  `  rejected rows                ${figures.rejected.length}`,
  ...figures.rejected.slice(0, SHOWN).map((rejection) => `    ${describeRejection(rejection)}`),
  ...(figures.rejected.length > SHOWN
    ? [`    … ${figures.rejected.length - SHOWN} more in the JSON report (--report FILE)`]
    : []),
  `  discrepancies found          ${figures.discrepanciesFound} (by ${figures.reconciliationRuns} runs of CaseReconciliationJob)`,
  `  discrepancies repaired       ${figures.discrepanciesRepaired}`,
  `  triggered again outside      ${figures.retriggeredOutside} (by the external system's pollers, as after a lost acknowledgement)`,
  `  discrepancies left           ${figures.discrepanciesLeft}`,
  ...figures.differences
    .slice(0, SHOWN)
    .map(({ kind, externalId, caseId, detail }) => `    ${kind}: ${externalId ?? '-'} ${caseId ?? '-'} ${detail}`),
  `  duplicates                   ${figures.duplicates}`,
  `  proof                        ${figures.synced} of ${figures.cases - figures.failed} Cases equal in every synced field, ${figures.failed} failed on both sides`,
];
