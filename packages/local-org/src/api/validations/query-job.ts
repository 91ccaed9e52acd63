/** The query job that a path names, and who may ask for it. */
import type { Call } from '../call.ts';
import { findJob } from '../bulk/query-jobs.ts';
import type { QueryJob } from '../bulk/query-job.ts';
import { apiError, notFound } from '../errors.ts';
import { hasUserPermission } from './user-permission.ts';

const notYours = (): Error => apiError('INVALIDUSER', 'The job was created by another user');

/**
 * A job of the caller's own. Those of others are for users with Modify All Data: the local org does not
 * have Manage Data Integrations, the permission that Salesforce asks for.
 */
export const namedJob = ({ deps, userId, params }: Call): QueryJob => {
  const job = findJob(deps.store, params.id!, deps.clock.now());
  if (!job) throw notFound();
  if (job.createdById !== userId && !hasUserPermission(deps.store, userId, 'ModifyAllData')) throw notYours();
  return job;
};

/** Results hold what their creator may read: they are for nobody else. */
export const ownJob = (call: Call): QueryJob => {
  const job = namedJob(call);
  if (job.createdById !== call.userId) throw notYours();
  return job;
};
