import type { RefusedMessage, RequestMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import { buryMessage } from '../../db/queries/bury-message.ts';
import { insertDeadLetters } from '../../db/queries/insert-dead-letters.ts';
import type { Context } from '../../types.ts';
import { toExternal } from './drafts.ts';

/** Makes a dead letter of an intake that the external system refused: Salesforce has no Case that a person could retry. */
export const buryIntake = async (
  context: Context,
  tx: Queryable,
  payload: object,
  refusal: Pick<RefusedMessage, 'errorCode' | 'message'>,
  now: Date,
): Promise<void> => {
  const request = { ...(payload as RequestMessage), id: randomUuid(context.random) };
  const seq = await buryMessage(tx, toExternal(request), now);
  await insertDeadLetters(tx, [{ seq, code: refusal.errorCode, cause: refusal.message }], now);
  context.log('warn', 'intake dead', { key: request.key, code: refusal.errorCode });
};
