import { CASES } from './name.ts';
import type { RefusedMessage, RequestMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import { buryMessage } from '../../../middle-layer/db/messages.ts';
import { insertDeadLetters } from '../../../middle-layer/db/dead-letters.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { toExternal } from './drafts.ts';

/** Makes a dead letter of an intake that the external system refused: Salesforce has no Case that a person could retry. */
export const buryIntake = async (
  context: FlowContext,
  tx: Queryable,
  payload: object,
  refusal: Pick<RefusedMessage, 'errorCode' | 'message'>,
  now: Date,
): Promise<void> => {
  const request = { ...(payload as RequestMessage), id: randomUuid(context.random) };
  const seq = await buryMessage(tx, CASES, toExternal(request), now);
  await insertDeadLetters(tx, [{ seq, code: refusal.errorCode, cause: refusal.message }], now);
  context.log('warn', 'intake dead', { key: request.key, code: refusal.errorCode });
};
