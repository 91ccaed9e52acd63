/** Sends dead letters again, as they are: an ad that was changed since has superseded them. */
import { randomUuid } from 'kernel/random.ts';
import { lockDeadLetter, resolveDeadLetters, type DeadLetterSummary } from '../../../middle-layer/db/dead-letters.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { lockKeys } from '../../../middle-layer/db/keys.ts';
import { supersedeMessages } from '../../../middle-layer/db/messages.ts';
import type { Retries, Retry } from '../../../middle-layer/flow.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import type { AdMessage, AdOutcomeMessage } from '../../../shared/usage-messages.ts';
import { toSalesforce, toService } from './drafts.ts';

const again = (context: FlowContext, { id, key }: DeadLetterSummary): Promise<Retry> =>
  context.db.transaction(async (tx): Promise<Retry> => {
    await lockKeys(tx, context.flow, [key]);
    const letter = await lockDeadLetter(tx, id);
    if (!letter) return { outcome: 'unknown' };
    if (letter.resolution) return { outcome: 'closed', resolution: letter.resolution };
    const now = new Date(context.clock.now());
    const message = { ...letter.message, id: randomUuid(context.random) } as AdMessage | AdOutcomeMessage;
    const draft = message.kind === 'ad' ? toSalesforce(message) : toService(message);
    await supersedeMessages(tx, [letter.messageSeq], now);
    await resolveDeadLetters(tx, [letter.messageSeq], 'retried', now);
    const { target, kind, version, attempt, revision, code } = letter;
    const row = { target, message_id: draft.id, kind, key, version, attempt, revision, outcome: 'RETRIED', code };
    await insertAudit(tx, context, [row], now);
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
