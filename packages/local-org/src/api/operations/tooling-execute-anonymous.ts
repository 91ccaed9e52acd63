/** GET /tooling/executeAnonymous?anonymousBody=…: compiles and runs a piece of Apex. */
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { requireUserPermission } from '../validations/user-permission.ts';

export const toolingExecuteAnonymous: Operation = {
  method: 'GET',
  path: '/tooling/executeAnonymous',
  run(call) {
    requireUserPermission(call.deps.store, call.userId, 'AuthorApex');
    const apex = call.query.get('anonymousBody');
    if (apex === null) throw apiError('MISSING_ARGUMENT', 'The parameter anonymousBody is required');
    const { log: _log, ...result } = call.deps.apex.executeAnonymous(apex, call.userId);
    return { status: 200, body: result };
  },
};
