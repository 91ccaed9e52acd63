/** Salesforce as the usage flow speaks with it: our Apex REST. */
import type { IntegrationClient } from '../../../middle-layer/clients/salesforce/integration-client.ts';
import { TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import type { AdMessage, AdOutcome, Use } from '../../../shared/usage-messages.ts';

const PATH = '/services/apexrest/concord/v1/usage/report';

/** What Salesforce says of one ad. */
export interface ReportLine {
  adId: string;
  version: number;
  outcome: AdOutcome;
  errorCode: string | null;
  message: string | null;
  /** Of a refusal: whether the same may pass later. */
  retryable: boolean;
}

/** Rejects with the errors of the middle layer's clients. */
export interface UsageSalesforce {
  /** Reports up to 200 ads in one call; a line each, in order. */
  report(ads: readonly AdMessage[]): Promise<ReportLine[]>;
  takeCallCount(): number;
}

/** An ad as Apex takes it. */
interface Reported extends Pick<AdMessage, 'adId' | 'version' | 'title' | 'contractNumber' | 'currency'> {
  bookedAt: string;
  cancelled: boolean;
  uses: Use[];
}

const reported = ({ kind: _kind, id: _id, ...ad }: AdMessage): Reported => ad;

const OUTCOMES: readonly unknown[] = ['APPLIED', 'IGNORED', 'EXCEPTION', 'REFUSED'] satisfies AdOutcome[];

const isLine = (value: unknown): value is ReportLine =>
  isPlain(value) &&
  isText(value.adId) &&
  OUTCOMES.includes(value.outcome) &&
  isOptional(value.errorCode, 'string') &&
  isOptional(value.message, 'string') &&
  isOptional(value.retryable, 'boolean');

export const httpUsage = (rest: IntegrationClient): UsageSalesforce => ({
  report: async (ads) => {
    const answer = await rest.call<unknown>('POST', PATH, { ads: ads.map(reported) });
    const results = isPlain(answer) ? answer.results : undefined;
    if (
      !isArrayOf(results, isLine) ||
      results.length !== ads.length ||
      results.some(({ adId }, at) => adId !== ads[at]!.adId)
    )
      throw new TargetUnavailable('BAD_ANSWER', `${PATH} did not answer one line for each ad, in order`);
    return results.map((line, at) => ({
      adId: line.adId,
      version: ads[at]!.version,
      outcome: line.outcome,
      errorCode: line.errorCode ?? null,
      message: line.message ?? null,
      retryable: line.retryable,
    }));
  },
  takeCallCount: () => rest.takeCallCount(),
});
