import type { ReconciliationReport } from '../../src/reconciliation/report.ts';

/** What this run's content check cost and came to; empty when none was asked for. */
export const contentCheckLines = ({
  contentCheck,
  contentCheckCost,
  contentCheckFailure,
  names,
}: ReconciliationReport): string[] => [
  ...(contentCheck
    ? [
        `checked the contents of ${contentCheck.records} ${names.many}, ${contentCheck.suspects} digests do not fit their values`,
      ]
    : []),
  ...(contentCheckFailure === null ? [] : [`the content check broke off: ${contentCheckFailure}`]),
  ...(contentCheckCost
    ? [
        `the content check read through a ${contentCheckCost.through} with ${contentCheckCost.calls} API calls; content checks made ${contentCheckCost.callsInDay} of the ${contentCheckCost.dailyBudget} that they may make in 24 hours; the org's daily API requests: ${contentCheckCost.dailyAllocation ?? 'not readable by this user'}`,
      ]
    : []),
];
