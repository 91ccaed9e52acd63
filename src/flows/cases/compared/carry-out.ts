import type { RepairPorts } from '../../../reconciliation/compared-object.ts';
import type { CaseStep } from './plan.ts';
import { requestAgain } from './request-again.ts';

type RequestAgain = Extract<CaseStep, { do: 'request again' }>;
type Outside = Exclude<CaseStep, RequestAgain>;

const doOutside = async (step: Outside, { external, runKey }: RepairPorts): Promise<void> => {
  if (step.do === 'trigger outside') {
    const { externalId, forgetCaseId } = step;
    await external('POST', `/v1/cases/${externalId}/trigger`, forgetCaseId === undefined ? {} : { forgetCaseId });
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

/** In as few calls as the org takes. When a call fails, nothing tells which of them it asked for. */
const requestAll = async (steps: RequestAgain[], { org }: RepairPorts): Promise<Map<string, string>> => {
  const cases = steps.map(({ key, version, attempt }) => ({ key, version, attempt }));
  return requestAgain(org, cases).catch(
    (error: Error) => new Map(cases.map(({ key }): [string, string] => [key, error.message])),
  );
};

/** Carries out repairs of Cases; one that fails delays no other. Answers why one was not sent, by key. */
export const carryOut = async (steps: CaseStep[], ports: RepairPorts): Promise<Map<string, string>> => {
  const isRequest = (step: CaseStep): step is RequestAgain => step.do === 'request again';
  const problems = await requestAll(steps.filter(isRequest), ports);
  for (const step of steps)
    if (!isRequest(step))
      await doOutside(step, ports).catch((error: Error) => void problems.set(step.key, error.message));
  return problems;
};
