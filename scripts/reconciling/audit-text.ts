import type { ReconciliationReport } from '../../src/reconciliation/report.ts';

/** What this run's audit cost and came to; empty when none was asked for. */
export const auditLines = ({ audit, auditCost, auditFailure, names }: ReconciliationReport): string[] => [
  ...(audit ? [`audited ${audit.records} ${names.many}, ${audit.suspects} digests do not fit their values`] : []),
  ...(auditFailure === null ? [] : [`the audit broke off: ${auditFailure}`]),
  ...(auditCost
    ? [
        `the audit read through a ${auditCost.through} with ${auditCost.calls} API calls; audits made ${auditCost.callsInDay} of the ${auditCost.dailyBudget} that they may make in 24 hours; the org's daily API requests: ${auditCost.dailyAllocation ?? 'not readable by this user'}`,
      ]
    : []),
];
