/** GET /metadata/deployRequest/0Af…?includeDetails=true: how a deployment went. */
import type { Operation } from '../call.ts';
import { describedResult } from '../deployments/described-result.ts';
import { requireUserPermission } from '../validations/user-permission.ts';

export const getDeploy: Operation = {
  method: 'GET',
  path: '/metadata/deployRequest/:id',
  run({ deps, userId, params, query }) {
    requireUserPermission(deps.store, userId, 'ModifyAllData');
    const id = params.id!;
    return {
      status: 200,
      body: { id, deployResult: describedResult(deps, id, query.get('includeDetails') === 'true') },
    };
  },
};
