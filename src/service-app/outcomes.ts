/** What the middle layer tells of ads: a batch in, a receipt for each. */
import { json, type RequestHead } from 'kernel/http.ts';
import { malformed, messagesIn } from '../shared/batches.ts';
import type { MessageReceipt } from '../shared/case-messages.ts';
import { idOf } from '../shared/check-message.ts';
import { checkAdOutcome } from '../shared/check-usage-message.ts';
import type { Routes } from '../shared/router.ts';
import { isDatabaseUnavailable } from '../shared/sql/errors.ts';
import { storableCode, storableDiagnostic } from '../shared/text.ts';
import { AD_BATCH_LIMIT, type AdOutcomeMessage } from '../shared/usage-messages.ts';
import type { Context } from './context.ts';
import { lockAd, recordOutcome } from './db/ads.ts';
import { endReport } from './db/reports.ts';

const MAX_BYTES = 1024 * 1024;

/** A repeat, an outcome of an older version, and one of an ad that nobody knows here change nothing. */
const take = ({ db }: Context, told: AdOutcomeMessage): Promise<void> =>
  db.transaction(async (tx) => {
    if (!(await lockAd(tx, told.adId))) return;
    await recordOutcome(tx, {
      adId: told.adId,
      version: told.version,
      outcome: told.outcome,
      errorCode: told.errorCode === null ? null : storableCode(told.errorCode),
      error: told.message === null ? null : storableDiagnostic(told.message),
      at: new Date(told.at),
    });
    await endReport(tx, told.adId, told.version);
  });

const receiptOf = async (context: Context, given: unknown): Promise<MessageReceipt> => {
  const id = idOf(given);
  const problem = checkAdOutcome(given);
  if (problem) return malformed(given, problem);
  try {
    await take(context, given as AdOutcomeMessage);
    return { id, accepted: true };
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

export const outcomeRoutes = (context: Context, admit: (head: RequestHead) => void): Routes => ({
  'POST /v1/messages': {
    mostBytes: MAX_BYTES,
    admit,
    handle: async (request) => {
      const results: MessageReceipt[] = [];
      for (const message of messagesIn(request, AD_BATCH_LIMIT)) results.push(await receiptOf(context, message));
      return json(202, { results });
    },
  },
});
