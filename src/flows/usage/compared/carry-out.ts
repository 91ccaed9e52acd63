import type { RepairPorts } from '../../../reconciliation/compared-object.ts';
import { chunks } from '../../../reconciliation/sides/salesforce-records.ts';
import { expected } from '../../../shared/expected.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import type { UsageStep } from './plan.ts';

/** What the application takes in one call. */
const ADS_A_CALL = 100;

interface Result {
  adId: string;
  problem?: string | null;
}

const isResults = (value: unknown): value is Result[] =>
  isArrayOf(value, (each): each is Result => isPlain(each) && isText(each.adId) && isOptional(each.problem, 'string'));

/** All that is to be repaired of an ad makes one version of it. */
const repairOf = (adId: string, steps: UsageStep[]): object => ({
  adId,
  isSame: steps.every(({ isSame }) => isSame),
  ifVersion: steps[0]!.ifVersion,
  seenVersion: Math.max(...steps.map(({ seenVersion }) => seenVersion)),
  replaced: steps.map(({ position, before }) => ({ position, before })),
});

/** Lets the application report ads; one that fails delays no other. Answers why one was not reported, by key. */
export const carryOut = async (
  steps: UsageStep[],
  { external, runKey }: Pick<RepairPorts, 'external' | 'runKey'>,
): Promise<Map<string, string>> => {
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
