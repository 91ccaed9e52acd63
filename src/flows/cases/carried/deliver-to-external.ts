import type { MessageReceipt, RefusedMessage, RequestMessage, ToExternal } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import type { ExternalPort } from './external/port.ts';
import { sendInHalves } from '../../../middle-layer/queue/halves.ts';
import { refuseCulprit } from '../../../middle-layer/queue/unforeseen.ts';
import type { ClaimedMessage, Draft, FlowContext, Deliver, Result, Timed } from '../../../middle-layer/types.ts';
import { judgeAnswers } from './judge-messages.ts';
import { toExternal, toSalesforce } from './drafts.ts';
import type { CaseNews } from './news.ts';

/** Hands messages to the external system, in queue order. */
export const deliverToExternal =
  (context: FlowContext, external: ExternalPort): Deliver =>
  async (messages) => {
    const results = await sendInHalves(
      context.clock,
      messages,
      async (batch) => {
        const receipts = await external.send(batch.map(({ payload }) => payload as ToExternal));
        return receipts.map((receipt, index) => resultOf(context, batch[index]!, receipt));
      },
      (error, culprit) => refuseCulprit(context, error, culprit),
    );
    return results.map((result, index) => withConsequences(context, messages[index]!, result));
  };

const resultOf = (context: FlowContext, message: ClaimedMessage, receipt: MessageReceipt): Result => {
  if (receipt.accepted) {
    const follow = receipt.acknowledges ? [] : acknowledgedApart(context, message.payload as ToExternal);
    if (!receipt.answers) return { is: 'done', outcome: 'ACCEPTED', news: { follow } satisfies CaseNews };
    const { taken, code } = judgeAnswers(context, message.key, receipt.answers);
    const news: CaseNews = { answers: taken, follow };
    return { is: 'done', outcome: 'ACCEPTED', code, news };
  }
  if (receipt.retryable) return { is: 'deferred', code: receipt.errorCode };
  return { is: 'refused', code: receipt.errorCode, cause: receipt.message };
};

/** An external system that does not know `acknowledges` of a write-back is told what Salesforce stored by a message of its own. */
const acknowledgedApart = (context: FlowContext, message: ToExternal): Draft[] => {
  if (message.kind !== 'writeBack' || !message.acknowledges) return [];
  const { key, externalId, acknowledges } = message;
  const id = randomUuid(context.random);
  return [toExternal({ kind: 'acknowledge', id, key, externalId, success: true, ...acknowledges })];
};

const withConsequences = (context: FlowContext, message: ClaimedMessage, result: Timed): Timed => {
  if (result.is === 'refused' && message.kind === 'request') {
    const news: CaseNews = {
      onDeath: [toSalesforce(undeliverable(context, message.payload as RequestMessage, result))],
    };
    return { ...result, news };
  }
  return result;
};

/** A request that the external system will not even take: people must see that in Salesforce too. */
const undeliverable = (
  context: FlowContext,
  request: RequestMessage,
  { code, cause }: { code: string; cause: string },
): RefusedMessage => ({
  kind: 'refused',
  id: randomUuid(context.random),
  key: request.key,
  version: request.version,
  attempt: request.attempt,
  errorCode: code,
  message: cause,
  field: null,
  record: null,
});
