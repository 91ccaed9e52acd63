/** /metadata/deployRequest: deployments. */
import type { Operation } from '../call.ts';
import { readMultipart, deployOptions, type GivenOptions } from '../deployments/request.ts';
import { resultBody, describedResult } from '../deployments/result.ts';
import { apiError, unsupported } from '../errors.ts';
import { parseJson, isObject } from '../json-body.ts';
import { requireUserPermission } from '../validations/user-permission.ts';

/** POST /metadata/deployRequest: deploys a zip. */
export const deploy: Operation = {
  method: 'POST',
  path: '/metadata/deployRequest',
  run({ deps, userId, headers, bytes }) {
    requireUserPermission(deps.store, userId, 'ModifyAllData');
    if (!bytes) throw unsupported('Deploying a recent validation');
    const parts = readMultipart(headers['content-type'] ?? '', bytes);
    const zip = parts.get('file');
    if (!zip) throw apiError('REQUIRED_FIELD_MISSING', "The multipart body has no part 'file', which is the zip");
    const content = parseJson(parts.get('entity_content')?.toString('utf8') ?? '{}');
    const given = isObject(content) && isObject(content.deployOptions) ? (content.deployOptions as GivenOptions) : {};
    const id = deps.deployments.deploy({ zip, options: deployOptions(given, deps.deployments.production) }, userId);
    const deployResult = resultBody(deps, deps.deployments.result(id)!, '', false);
    return { status: 201, body: { id, validatedDeployRequestId: null, deployOptions: given, deployResult } };
  },
};

/** GET /metadata/deployRequest/0Af…?includeDetails=true: how a deployment went. */
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
