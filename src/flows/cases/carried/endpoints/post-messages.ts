import { MESSAGE_BATCH_LIMIT } from '../../../../shared/case-messages.ts';
import { json } from 'kernel/http.ts';
import { jsonBody, RequestError, type Route } from '../../../../shared/router.ts';
import { receive } from '../receive.ts';
import type { FlowContext } from '../../../../middle-layer/types.ts';

/** `POST /v1/messages`: the external system hands over messages. 202 after commit, one receipt each. */
export const postMessages =
  (context: FlowContext, onQueued: () => void): Route =>
  async (request) => {
    const { messages } = jsonBody(request);
    if (!Array.isArray(messages)) throw new RequestError(400, 'BAD_REQUEST', 'messages must be a list');
    if (messages.length > MESSAGE_BATCH_LIMIT) {
      throw new RequestError(
        413,
        'TOO_MANY_MESSAGES',
        `messages may hold at most ${MESSAGE_BATCH_LIMIT}, not ${messages.length}: send several batches`,
      );
    }
    const results = await receive(context, messages);
    onQueued();
    return json(202, { results });
  };
