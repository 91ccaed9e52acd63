/** How the queue hands messages of the usage flow to their targets. */
import { untilTheDayTurns } from '../../../middle-layer/budget.ts';
import type { Receiver } from '../../../middle-layer/clients/receiver.ts';
import { sendInHalves } from '../../../middle-layer/queue/halves.ts';
import { refuseCulprit } from '../../../middle-layer/queue/unforeseen.ts';
import type { ClaimedMessage, Deliver, FlowContext, Result, Timed } from '../../../middle-layer/types.ts';
import type { AdMessage, ToService } from '../../../shared/usage-messages.ts';
import type { ReportLine, UsageSalesforce } from './salesforce.ts';

/** Reports ads: one call, contract by contract, so that two calls that meet take their locks in one order. */
export const deliverToSalesforce =
  (context: FlowContext, salesforce: UsageSalesforce): Deliver =>
  async (messages) => {
    const budget = await context.budget.read();
    if (budget?.isSpent) return messages.map(() => untilTheDayTurns(budget, context.clock.now()));
    const ordered = messages.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    const results = await sendInHalves(
      context.clock,
      ordered,
      async (part) => {
        const lines = await salesforce.report(part.map(({ payload }) => payload as AdMessage));
        return lines.map(resultOf);
      },
      (error, culprit) => refuseCulprit(context, error, culprit),
    );
    await context.budget.count(context.db, salesforce.takeCallCount());
    const resultByMessage = new Map<ClaimedMessage, Timed>(ordered.map((message, at) => [message, results[at]!]));
    return messages.map((message) => resultByMessage.get(message)!);
  };

const orderOf = ({ payload, key }: ClaimedMessage): string => `${(payload as AdMessage).contractNumber}|${key}`;

const resultOf = (line: ReportLine): Result => {
  if (line.outcome !== 'REFUSED') return { is: 'done', outcome: line.outcome, code: line.errorCode, news: line };
  const code = line.errorCode ?? 'UNKNOWN';
  if (line.retryable) return { is: 'deferred', code };
  return { is: 'refused', code, cause: line.message ?? 'Salesforce gave no text', news: line };
};

/** Tells the service application what became of its ads, and which contracts are sealed. */
export const deliverToService =
  (context: FlowContext, service: Receiver<ToService>): Deliver =>
  (messages) =>
    sendInHalves(
      context.clock,
      messages,
      async (batch) => {
        const receipts = await service.send(batch.map(({ payload }) => payload as ToService));
        return receipts.map((receipt): Result => {
          if (receipt.accepted) return { is: 'done', outcome: 'ACCEPTED' };
          if (receipt.retryable) return { is: 'deferred', code: receipt.errorCode };
          return { is: 'refused', code: receipt.errorCode, cause: receipt.message };
        });
      },
      (error, culprit) => refuseCulprit(context, error, culprit),
    );
