import type { RepairPorts } from '../../../reconciliation/compared-object.ts';
import { chunks } from '../../../reconciliation/sides/salesforce-records.ts';
import { expected } from '../../../shared/expected.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import { MAX_SEALS_ASKED } from '../../../shared/usage-seal.ts';
import type { AskStep, ReportStep, UsageStep } from './plan.ts';

type Ports = Pick<RepairPorts, 'external' | 'runKey'>;

/** What the application takes in one call. */
const ADS_A_CALL = 100;

interface Result {
  adId: string;
  problem?: string | null;
}

const isResults = (value: unknown): value is Result[] =>
  isArrayOf(value, (each): each is Result => isPlain(each) && isText(each.adId) && isOptional(each.problem, 'string'));

/** All that is to be repaired of an ad makes one version of it. */
const repairOf = (adId: string, steps: ReportStep[]): object => ({
  adId,
  isSame: steps.every(({ isSame }) => isSame),
  ifVersion: steps[0]!.ifVersion,
  seenVersion: Math.max(...steps.map(({ seenVersion }) => seenVersion)),
  replaced: steps.map(({ position, before }) => ({ position, before })),
});

/** Lets the application report ads; one that fails delays no other. Answers why one was not reported, by key. */
const reportAds = async (steps: ReportStep[], { external, runKey }: Ports): Promise<Map<string, string>> => {
  const byAd = Map.groupBy(steps, ({ adId }) => adId);
  const problems = new Map<string, string>();
  const note = (adId: string, problem: string): void => {
    for (const { key } of byAd.get(adId) ?? []) problems.set(key, problem);
  };
  for (const part of chunks([...byAd.keys()], ADS_A_CALL)) {
    try {
      const ads = part.map((adId) => repairOf(adId, byAd.get(adId)!));
      const answer = await external<unknown>('POST', '/v1/bookings/repair', { run: runKey, ads });
      const results = expected(
        isPlain(answer) ? answer.results : null,
        isResults,
        'the service application',
        'results',
      );
      for (const { adId, problem } of results) if (problem != null) note(adId, problem);
    } catch (error) {
      for (const adId of part) note(adId, (error as Error).message);
    }
  }
  return problems;
};

interface Asked {
  sealId: string;
  problem?: string | null;
}

const isAsked = (value: unknown): value is Asked[] =>
  isArrayOf(value, (each): each is Asked => isPlain(each) && isText(each.sealId) && isOptional(each.problem, 'string'));

/** Lets the middle layer ask for seals, by way of the application. Answers why one was not asked for, by key. */
const askForSeals = async (steps: AskStep[], { external }: Ports): Promise<Map<string, string>> => {
  const problems = new Map<string, string>();
  for (const part of chunks(steps, MAX_SEALS_ASKED)) {
    try {
      const seals = part.map(({ sealId }) => sealId);
      const answer = await external<unknown>('POST', '/v1/seals/again', { seals });
      const results = expected(isPlain(answer) ? answer.results : null, isAsked, 'the service application', 'results');
      const problemOf = new Map(results.map(({ sealId, problem }) => [sealId, problem ?? null]));
      for (const { key, sealId } of part) {
        const problem = problemOf.get(sealId);
        if (problem) problems.set(key, problem);
      }
    } catch (error) {
      for (const { key } of part) problems.set(key, (error as Error).message);
    }
  }
  return problems;
};

/** Carries out repairs of usage; one that fails delays no other. Answers why one was not sent, by key. */
export const carryOut = async (steps: UsageStep[], ports: Ports): Promise<Map<string, string>> => {
  const isAsk = (step: UsageStep): step is AskStep => step.do === 'request again';
  const reports = steps.filter((step): step is ReportStep => !isAsk(step));
  return new Map([...(await reportAds(reports, ports)), ...(await askForSeals(steps.filter(isAsk), ports))]);
};
