import { lockCases } from './db/case-states.ts';
import type { RequestMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import { dueIntakes, reopenIntake } from './db/intakes.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext, Draft } from '../../../middle-layer/types.ts';
import { toExternal } from './drafts.ts';

const BATCH = 200;

/** What a request's attempt may be (src/shared/checks.ts). */
const LAST_ATTEMPT = 9_999;

/** When an intake whose request has this attempt is asked for again: after the grace, doubled with each attempt up to the slow pace. */
export const intakeDue = ({ clock, settings }: FlowContext, attempt: number): Date =>
  new Date(clock.now() + Math.min(settings.answerGraceMs * 2 ** Math.min(attempt, 10), settings.answerMaxMs));

/**
 * Asks again for intakes that were delivered and never answered: no Case stands for them in Salesforce, so
 * nobody else would notice. It goes on until an answer comes; only a refusal makes a dead letter of an intake.
 * Returns how many were sent.
 */
export const resendIntakes = async (context: FlowContext): Promise<number> => {
  const now = new Date(context.clock.now());
  const candidates = (await dueIntakes(context.db, now, BATCH, null)).map(({ key }) => key);
  if (candidates.length === 0) return 0;
  return context.db.transaction(async (tx) => {
    await lockCases(tx, candidates);
    const drafts: Draft[] = [];
    for (const { key, payload } of await dueIntakes(tx, now, BATCH, candidates)) {
      const attempt = Math.min(payload.attempt + 1, LAST_ATTEMPT);
      if (attempt >= context.settings.maxAttempts)
        context.log('warn', 'intake not answered', {
          key,
          attempts: attempt,
          remedy:
            'look why the external system accepts requests and does not answer; the intake is asked for until it does',
        });
      const request: RequestMessage = { ...payload, attempt, id: randomUuid(context.random) };
      await reopenIntake(tx, { key, payload: request, dueAt: intakeDue(context, attempt) });
      drafts.push(toExternal(request));
    }
    await enqueue(context, tx, drafts);
    return drafts.length;
  });
};
