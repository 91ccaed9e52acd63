/** What follows from a report that was settled: the service application hears of it. */
import { randomUuid } from 'kernel/random.ts';
import type { Draft, FlowContext, Outcome } from '../../../middle-layer/types.ts';
import type { AdMessage, AdOutcome, AdOutcomeMessage } from '../../../shared/usage-messages.ts';
import { toService } from './drafts.ts';
import type { ReportLine } from './salesforce.ts';

type Verdict = Pick<AdOutcomeMessage, 'outcome' | 'errorCode' | 'message' | 'appliedVersion'>;

/** Null: nothing is decided yet. */
const verdictOf = ({ result, state }: Outcome): Verdict | null => {
  if (state === 'done' && result.is === 'done') {
    const line = result.news as ReportLine;
    const { outcome, errorCode, message, appliedVersion } = line;
    return { outcome, errorCode, message, appliedVersion };
  }
  if (state === 'dead' && result.is === 'refused')
    return {
      outcome: 'REFUSED' satisfies AdOutcome,
      errorCode: result.code,
      message: result.cause,
      appliedVersion: (result.news as ReportLine | undefined)?.appliedVersion ?? null,
    };
  return null;
};

export const settled =
  ({ random, clock }: FlowContext) =>
  async (_tx: unknown, outcomes: readonly Outcome[]): Promise<Draft[]> =>
    outcomes.flatMap((settledOne) => {
      const { message } = settledOne;
      const verdict = message.target === 'salesforce' ? verdictOf(settledOne) : null;
      if (!verdict) return [];
      const { adId, version } = message.payload as AdMessage;
      const at = new Date(clock.now()).toISOString();
      return [toService({ kind: 'outcome', id: randomUuid(random), adId, version, ...verdict, at })];
    });
