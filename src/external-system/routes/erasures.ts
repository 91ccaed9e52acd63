import { json, LARGE_BODY_BYTES } from 'kernel/http.ts';
import { eraseFrom, erasureRequestIn } from '../../shared/erasure.ts';
import { jsonBody, type Routes } from '../../shared/router.ts';
import type { Database } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { eraseRecord } from '../db/erase.ts';

/** `POST /v1/erasures` `{key, texts?, dryRun?}`: erases what is kept of a deleted record, and searches the database for it. */
export const erasureRoutes = (context: Context, db: Database): Routes => ({
  'POST /v1/erasures': {
    mostBytes: LARGE_BODY_BYTES,
    handle: async (request) => {
      const erasure = erasureRequestIn(jsonBody(request));
      const now = new Date(context.clock.now());
      return json(200, await eraseFrom(db, erasure, (tx) => eraseRecord(tx, erasure.key, now)));
    },
  },
});
