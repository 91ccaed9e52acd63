/** Deploying takes the permission to modify all data. */
import { apiError } from '../errors.ts';
import type { ApiDeps } from '../types.ts';

export const checkMayDeploy = ({ store }: ApiDeps, userId: string): void => {
  if (store.permissions.object(userId, 'Organization', 'modifyAll')) return;
  throw apiError(
    'INSUFFICIENT_ACCESS',
    'Use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
  );
};
