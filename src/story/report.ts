/** What `--report` writes, beside the figures of the flows. */
export interface StoryReport {
  /** How often each fault struck. */
  faultsInjected: Record<string, number>;
  /** Salesforce API calls that the sync made. */
  apiCalls: number;
  /** Minutes that passed on the injected clock. */
  clockMinutes: number;
  /** Real time. */
  seconds: number;
}

/** The report for people: the lines of the flows, and what they have in common. */
export const renderReport = (ofFlows: readonly string[], report: StoryReport): string => {
  const faults = Object.entries(report.faultsInjected).map(([name, count]) => `${name} ${count}`);
  return [
    '',
    ...ofFlows,
    `  faults injected              ${faults.length ? faults.join(', ') : 'none'}`,
    `  Salesforce API calls         ${report.apiCalls}`,
    `  time                         ${report.seconds.toFixed(1)} s (${Math.round(report.clockMinutes)} min on the clock)`,
    '',
  ].join('\n');
};
