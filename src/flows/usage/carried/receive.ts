/** `POST /v1/usage/ads`: the service application reports ads. 202 after commit, one receipt each. */
import { json } from 'kernel/http.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { inHalves } from '../../../middle-layer/db/in-halves.ts';
import { insertInbox } from '../../../middle-layer/db/inbox.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import type { MessageReceipt } from '../../../shared/case-messages.ts';
import { idOf, MALFORMED } from '../../../shared/check-message.ts';
import { checkAd } from '../../../shared/check-usage-message.ts';
import { describeProblem } from '../../../shared/checks.ts';
import { jsonBody, RequestError, type Route } from '../../../shared/router.ts';
import { AD_BATCH_LIMIT, type AdMessage } from '../../../shared/usage-messages.ts';
import { toSalesforce } from './drafts.ts';

const refusalOf = (given: unknown): MessageReceipt | null => {
  const problem = checkAd(given);
  return (
    problem && {
      id: idOf(given),
      accepted: false,
      retryable: false,
      errorCode: MALFORMED,
      message: describeProblem(problem),
    }
  );
};

export const postAds =
  (context: FlowContext, onQueued: () => void): Route =>
  async (request) => {
    const { messages } = jsonBody(request);
    if (!Array.isArray(messages) || messages.length === 0 || messages.length > AD_BATCH_LIMIT)
      throw new RequestError(400, 'BAD_REQUEST', `messages must be a list of 1 to ${AD_BATCH_LIMIT} messages`);
    const receipts = new Map<unknown, MessageReceipt>(
      messages.map((given) => [given, refusalOf(given) ?? accepted(given)]),
    );
    const sound = messages.filter((given) => receipts.get(given)!.accepted) as AdMessage[];
    await inHalves(
      sound,
      (part) => takeIn(context, part),
      async (culprit, fault) => {
        receipts.set(culprit, { id: culprit.id, accepted: false, retryable: false, ...fault });
      },
    );
    onQueued();
    return json(202, { results: messages.map((given) => receipts.get(given)!) });
  };

const accepted = (given: unknown): MessageReceipt => ({ id: idOf(given), accepted: true });

/** Queues ads; a redelivery does nothing. */
const takeIn = (context: FlowContext, ads: readonly AdMessage[]): Promise<void> =>
  context.db.transaction(async (tx) => {
    const now = new Date(context.clock.now());
    await lockKeys(
      tx,
      context.flow,
      ads.map(({ adId }) => adId),
    );
    const unseen = await insertInbox(
      tx,
      context.flow,
      ads.map(({ id }) => id),
      now,
    );
    const fresh = ads.filter(({ id }) => unseen.delete(id));
    await insertAudit(
      tx,
      context,
      ads
        .filter((ad) => !fresh.includes(ad))
        .map(({ id, adId, kind, version }) => ({
          target: 'salesforce',
          message_id: id,
          key: adId,
          kind,
          version,
          attempt: null,
          revision: null,
          outcome: 'DUPLICATE',
        })),
      now,
    );
    await enqueue(context, tx, fresh.map(toSalesforce));
  });
