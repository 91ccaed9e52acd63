import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { lockDeadLetter } from '../db/queries/lock-dead-letter.ts';
import type { Context } from '../types.ts';
import { deadLetterId, unknownDeadLetter } from './dead-letter-id.ts';

/** `GET /v1/dead-letters/{id}`: one dead letter with its message, history and cause. */
export const getDeadLetter =
  (context: Context): Route =>
  async (request) => {
    const id = deadLetterId(request);
    const letter = await lockDeadLetter(context.db, id);
    if (!letter) throw unknownDeadLetter(id);
    const { messageSeq: _internal, ...shown } = letter;
    return json(200, shown);
  };
