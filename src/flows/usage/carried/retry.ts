/** Sends dead letters again, as they are: an ad that was changed since has superseded them. */
import { randomUuid } from 'kernel/random.ts';
import { lockDeadLetter, type DeadLetterSummary } from '../../../middle-layer/db/dead-letters.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import type { Retries, Retry } from '../../../middle-layer/flow.ts';
import { closeRetried } from '../../../middle-layer/queue/close-retried.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import type { AdMessage, ToService } from '../../../shared/usage-messages.ts';
import { toSalesforce, toService } from './drafts.ts';

const again = (context: FlowContext, { id, key }: DeadLetterSummary): Promise<Retry> =>
  context.db.transaction(async (tx): Promise<Retry> => {
    await lockKeys(tx, context.flow, [key]);
    const letter = await lockDeadLetter(tx, id);
    if (!letter) return { outcome: 'unknown' };
    if (letter.resolution) return { outcome: 'closed', resolution: letter.resolution };
    const message = { ...letter.message, id: randomUuid(context.random) } as AdMessage | ToService;
    const draft = message.kind === 'ad' ? toSalesforce(message) : toService(message);
    await closeRetried(context, tx, letter, draft);
    await enqueue(context, tx, [draft]);
    return { outcome: 'retried', messageId: draft.id };
  });

export const retries = (context: FlowContext): Retries => ({
  one: (letter) => again(context, letter),
  many: async (letters) => {
    let retried = 0;
    for (const letter of letters) if ((await again(context, letter)).outcome === 'retried') retried += 1;
    return { retried, closed: letters.length - retried, refused: [] };
  },
});
