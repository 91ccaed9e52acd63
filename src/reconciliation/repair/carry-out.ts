import type { CaseAsSeen } from '../org/request-again.ts';
import type { ReportedDiscrepancy } from '../report.ts';
import type { ExternalRequest } from '../sides/external-records.ts';
import type { RepairStep } from './plan.ts';

export interface RepairPorts {
  external: ExternalRequest;
  /** Asks Salesforce to send these Cases' requests or write-backs once more. Answers why one was not sent, by key. */
  requestAgain: (cases: CaseAsSeen[]) => Promise<Map<string, string>>;
  /** A UUID: the external system keeps what the run's repairs replaced under it. */
  runKey: string;
}

type RequestAgain = Extract<RepairStep, { do: 'request again' }>;
type Outside = Exclude<RepairStep, RequestAgain>;

const doOutside = async (step: Outside, { external, runKey }: RepairPorts): Promise<void> => {
  if (step.do === 'trigger outside') {
    await external('POST', `/v1/cases/${step.externalId}/trigger`, {});
    return;
  }
  const { values, ifRevision, seenRevision, before } = step;
  await external('POST', `/v1/cases/${step.externalId}/carry`, {
    values,
    ifRevision,
    seenRevision,
    repair: { run: runKey, before },
  });
};

const requestAll = async (found: ReportedDiscrepancy[], ports: RepairPorts): Promise<void> => {
  const asked = found.flatMap((discrepancy) =>
    discrepancy.repair?.do === 'request again' ? [{ discrepancy, step: discrepancy.repair }] : [],
  );
  if (asked.length === 0) return;
  const cases = asked.map(({ step: { key, version, attempt } }) => ({ key, version, attempt }));
  try {
    const problems = await ports.requestAgain(cases);
    for (const { discrepancy } of asked) {
      const problem = problems.get(discrepancy.key);
      discrepancy.outcome = problem === undefined ? 'sent, not confirmed' : `failed: ${problem}`;
    }
  } catch (error) {
    for (const { discrepancy } of asked) discrepancy.outcome = `failed: ${(error as Error).message}`;
  }
};

/** Carries out each planned repair and notes what became of it; one that fails delays no other. Whether it arrives is another question. */
export const repairAll = async (found: ReportedDiscrepancy[], ports: RepairPorts): Promise<void> => {
  await requestAll(found, ports);
  for (const discrepancy of found) {
    const { repair } = discrepancy;
    if (!repair || repair.do === 'request again') continue;
    discrepancy.outcome = await doOutside(repair, ports).then(
      () => 'sent, not confirmed' as const,
      (error: Error) => `failed: ${error.message}` as const,
    );
  }
};
