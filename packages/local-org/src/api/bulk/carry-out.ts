/**
 * When a query job runs. Salesforce takes jobs from a queue; the local org does nothing by itself, so
 * a job runs when somebody asks how it goes, or for its result, at a later moment of the org's clock
 * than the one it was created at. The first answer is never the result, and every run is the same.
 */
import { StoreError } from '../../store/types.ts';
import type { ApiDeps } from '../types.ts';
import { inTransaction } from '../in-transaction.ts';
import { headerLine, rowLine } from './csv.ts';
import { hasEnded } from './jobs.ts';
import { QUERY_JOBS, type QueryJob, putResult } from './query-jobs.ts';

/** The job as it stands now, run if it was due. */
export const advance = (deps: ApiDeps, job: QueryJob): QueryJob => {
  if (hasEnded(job)) return job;
  return deps.clock.now() > job.createdAt ? carryOut(deps, job) : keep(deps, { ...job, state: 'InProgress' });
};

const keep = ({ store }: ApiDeps, job: QueryJob): QueryJob => {
  inTransaction(store, () => QUERY_JOBS.put(store, job));
  return job;
};

/** Runs the query as the job's creator may; what the query refuses by now fails the job. */
const carryOut = (deps: ApiDeps, job: QueryJob): QueryJob => {
  const { store, clock } = deps;
  const startedAt = clock.now();
  const ended = (): Pick<QueryJob, 'changedAt' | 'processingTime'> => ({
    changedAt: clock.now(),
    processingTime: clock.now() - startedAt,
  });
  try {
    const options = {
      access: { userId: job.createdById, mode: 'user', sharing: true } as const,
      allRows: job.operation === 'queryAll',
      chunked: true,
    };
    const { columns } = store.describeQuery(job.query, options);
    const lines = store.query(job.query, options).rows.map((row) => rowLine(row, columns, job));
    return inTransaction(store, () => {
      putResult(store, job.id, lines);
      const done: QueryJob = {
        ...job,
        ...ended(),
        state: 'JobComplete',
        records: lines.length,
        header: headerLine(columns, job),
      };
      QUERY_JOBS.put(store, done);
      return done;
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return keep(deps, { ...job, ...ended(), state: 'Failed', errorMessage: `${error.code}: ${error.message.trim()}` });
  }
};
