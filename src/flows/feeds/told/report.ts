import type { Proof } from './proof.ts';

/** What the story of feeds came to. */
export interface FeedFigures extends Proof {
  companies: number;
  /** Processes that were started. */
  runs: number;
  /** Runs that waited for a person. */
  held: number;
  /** Records that the rolling audits read, their API calls, and since when each record was compared at least once. */
  audited: number;
  auditCalls: number;
  vouchedSince: string | null;
}

/** The figures for people. */
export const renderFeeds = ({
  companies,
  runs,
  held,
  rows,
  equal,
  named,
  differences,
  audited,
  auditCalls,
  vouchedSince,
}: FeedFigures): string[] => [
  `  rows in the views            ${rows} (of ${companies} companies, accounts, stores and agreements of each)`,
  `  runs                         ${runs} of a company's feeds; ${held} feeds were held for a person`,
  `  checked                      ${audited} records read again whether anybody touched them or not, in ${auditCalls} API calls; each one since ${vouchedSince ?? 'never'}`,
  `  refused or waiting           ${named} (each named: refused rows in Salesforce with field, reason and remedy, waiting ones by their parents)`,
  `  discrepancies left           ${differences.length}`,
  ...differences.map((difference) => `    ${difference}`),
  `  proof                        ${equal} of ${rows - named} rows are in Salesforce as the views have them, none twice`,
];
