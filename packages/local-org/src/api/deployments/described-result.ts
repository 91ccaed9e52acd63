/** A kept result, with the name of whose deployment it was. */
import { userById } from '../auth/users.ts';
import { apiError } from '../errors.ts';
import type { ApiDeps } from '../types.ts';
import { resultBody, type Body } from './result-body.ts';

/** Throws ApiError when there is no such deployment. */
export const describedResult = ({ deployments, store }: ApiDeps, id: string, includeDetails: boolean): Body => {
  const result = deployments.result(id);
  if (!result)
    throw apiError('INVALID_CROSS_REFERENCE_KEY', `invalid cross reference id: no deployment has the id ${id}`);
  const name = userById(store, result.userId)?.values.get('Name');
  return resultBody(result, typeof name === 'string' ? name : '', includeDetails);
};
