import { json } from 'kernel/http.ts';
import { keyOf } from '../../../../middle-layer/endpoints/audit.ts';
import type { FlowContext } from '../../../../middle-layer/types.ts';
import type { Route } from '../../../../shared/router.ts';
import { readConflicts } from '../db/conflicts.ts';

/** `GET /v1/conflicts?key=`: what was lost when both sides had changed a field, while retention keeps it. */
export const getConflicts =
  (context: FlowContext): Route =>
  async (request) =>
    json(200, { conflicts: await readConflicts(context.db, keyOf(request)) });
