/** What the middle layer tells of ads and contracts: a batch in, a receipt for each. */
import { json, LARGE_BODY_BYTES, type RequestHead } from 'kernel/http.ts';
import { malformed, messagesIn } from '../shared/batches.ts';
import type { MessageReceipt } from '../shared/case-messages.ts';
import { idOf } from '../shared/check-message.ts';
import { checkToService } from '../shared/check-usage-message.ts';
import type { Problem } from '../shared/checks.ts';
import type { Routes } from '../shared/router.ts';
import { isDatabaseUnavailable } from '../shared/sql/errors.ts';
import { AD_BATCH_LIMIT, type ToService } from '../shared/usage-messages.ts';
import type { Context } from './context.ts';
import { takeDecision } from './decisions.ts';
import { takeOutcome } from './outcomes.ts';
import { compareAgain, isWhole, takeSeal } from './seals.ts';

const receiptOf = async (context: Context, given: unknown): Promise<MessageReceipt> => {
  const id = idOf(given);
  const problem = checkToService(given);
  if (problem) return malformed(given, problem);
  const message = given as ToService;
  if (message.kind === 'seal' && !isWhole(message))
    return malformed(given, { at: 'basisDigest', is: 'must be of the basis' });
  try {
    const unknown = await take(context, message);
    return unknown ? malformed(given, unknown) : { id, accepted: true };
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error;
    context.onError(error);
    return {
      id,
      accepted: false,
      retryable: true,
      errorCode: 'NOT_STORED',
      message: 'could not be stored now; send it again',
    };
  }
};

/** Null: it is taken; otherwise what of it nobody here knows. */
const take = async (context: Context, message: ToService): Promise<Problem | null> => {
  switch (message.kind) {
    case 'seal':
      await takeSeal(context, message);
      return null;
    case 'outcome':
      await takeOutcome(context, message);
      return null;
    case 'decision':
      return (await takeDecision(context, message))
        ? null
        : { at: 'version', is: 'must be one of an ad that is known here' };
  }
};

/** `onTold`: something may have to be told back. */
export const messageRoutes = (context: Context, admit: (head: RequestHead) => void, onTold: () => void): Routes => ({
  'POST /v1/messages': {
    mostBytes: LARGE_BODY_BYTES,
    admit,
    handle: async (request) => {
      const results: MessageReceipt[] = [];
      for (const message of messagesIn(request, AD_BATCH_LIMIT)) results.push(await receiptOf(context, message));
      await compareAgain(context);
      onTold();
      return json(202, { results });
    },
  },
});
