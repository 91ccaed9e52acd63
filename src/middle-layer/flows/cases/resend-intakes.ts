import type { RequestMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from '../../../shared/random.ts';
import { answerIntakes } from '../../db/queries/answer-intakes.ts';
import { dueIntakes } from '../../db/queries/due-intakes.ts';
import { reopenIntake } from '../../db/queries/reopen-intake.ts';
import { enqueue, lockKeys } from '../../queue/enqueue.ts';
import type { Context, Draft } from '../../types.ts';
import { buryIntake } from './bury-intake.ts';
import { toExternal } from './drafts.ts';

const BATCH = 200;

/** When an intake whose request has this attempt is asked for again: after the grace, doubled with each attempt. */
export const intakeDue = ({ clock, settings }: Context, attempt: number): Date =>
  new Date(clock.now() + settings.answerGraceMs * 2 ** Math.min(attempt, 10));

/**
 * Asks again for intakes that were delivered and never answered: no Case stands for them in Salesforce, so
 * nobody else would notice. After the last attempt one becomes a dead letter. Returns how many were sent.
 */
export const resendIntakes = async (context: Context): Promise<number> => {
  const now = new Date(context.clock.now());
  const candidates = (await dueIntakes(context.db, now, BATCH, null)).map(({ key }) => key);
  if (candidates.length === 0) return 0;
  return context.db.transaction(async (tx) => {
    await lockKeys(tx, candidates);
    const drafts: Draft[] = [];
    for (const { key, payload } of await dueIntakes(tx, now, BATCH, candidates)) {
      const attempt = payload.attempt + 1;
      if (attempt >= context.settings.maxAttempts) {
        await answerIntakes(tx, [key], now);
        const cause = `the external system accepted the request ${attempt} times and never answered`;
        await buryIntake(context, tx, payload, { errorCode: 'NO_ANSWER', message: cause }, now);
        continue;
      }
      const request: RequestMessage = { ...payload, attempt, id: randomUuid(context.random) };
      await reopenIntake(tx, { key, payload: request, dueAt: intakeDue(context, attempt) });
      drafts.push(toExternal(request));
    }
    await enqueue(context, tx, drafts);
    return drafts.length;
  });
};
