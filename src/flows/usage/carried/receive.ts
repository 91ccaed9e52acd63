/** `POST /v1/usage/ads`: the service application reports ads. 202 after commit, one receipt each. */
import { json } from 'kernel/http.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { inHalves } from '../../../middle-layer/db/in-halves.ts';
import { insertInbox } from '../../../middle-layer/db/inbox.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { malformed, messagesIn } from '../../../shared/batches.ts';
import type { MessageReceipt } from '../../../shared/case-messages.ts';
import { idOf } from '../../../shared/check-message.ts';
import { checkAd } from '../../../shared/check-usage-message.ts';
import type { Route } from '../../../shared/router.ts';
import { AD_BATCH_LIMIT, type AdMessage } from '../../../shared/usage-messages.ts';
import { toSalesforce } from './drafts.ts';

/** Accepted, unless it is malformed or turns out not to be storable. */
const receiptOf = (given: unknown): MessageReceipt => {
  const problem = checkAd(given);
  return problem ? malformed(given, problem) : { id: idOf(given), accepted: true };
};

export const postAds =
  (context: FlowContext, onQueued: () => void): Route =>
  async (request) => {
    const messages = messagesIn(request, AD_BATCH_LIMIT);
    const receipts = new Map(messages.map((given) => [given, receiptOf(given)]));
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
