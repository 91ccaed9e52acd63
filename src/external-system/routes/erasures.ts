import { json, LARGE_BODY_BYTES } from 'kernel/http.ts';
import { eraseFrom, erasureRequestIn, type Held } from '../../shared/erasure.ts';
import { jsonBody, type Routes } from '../../shared/router.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { eraseFormer, eraseRecord } from '../db/erase.ts';

/**
 * `POST /v1/erasures` `{key, texts?, former?, kept?, dryRun?}`: erases what is kept of a deleted record, or, of one that lives
 * on, what it held before, and searches the database for it.
 */
export const erasureRoutes = (context: Context, db: Database): Routes => ({
  'POST /v1/erasures': {
    mostBytes: LARGE_BODY_BYTES,
    handle: async (request) => {
      const erasure = erasureRequestIn(jsonBody(request));
      const now = new Date(context.clock.now());
      const erase = (tx: Queryable): Promise<Held> =>
        erasure.former ? eraseFormer(tx, erasure.key) : eraseRecord(tx, erasure.key, now);
      return json(200, await eraseFrom(db, erasure, erase));
    },
  },
});
