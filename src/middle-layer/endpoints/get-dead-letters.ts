import { json } from 'kernel/http.ts';
import type { Route } from '../../shared/router.ts';
import { listDeadLetters } from '../db/queries/list-dead-letters.ts';
import type { Context } from '../types.ts';
import { DEFAULT_PAGE, MAX_PAGE, page, wholeNumber } from './parameters.ts';

/** `GET /v1/dead-letters?after=&limit=`: the open dead letters, oldest first. */
export const getDeadLetters =
  (context: Context): Route =>
  async (request) => {
    const limit = Math.max(1, wholeNumber(request, 'limit', DEFAULT_PAGE, MAX_PAGE));
    const rows = await listDeadLetters(
      context.db,
      wholeNumber(request, 'after', 0, Number.MAX_SAFE_INTEGER),
      limit + 1,
    );
    const { rows: deadLetters, next } = page(rows, limit, ({ id }) => id);
    return json(200, { deadLetters, next });
  };
