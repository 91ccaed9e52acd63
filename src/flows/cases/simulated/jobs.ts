import { tellsRowLock } from '../../../shared/salesforce/row-lock.ts';
import type { World } from '../../../simulation/world.ts';

interface Job {
  ApexClass: { Name: string };
  Status: string;
  NumberOfErrors: number;
  ExtendedStatus: string | null;
}

interface Run extends Record<string, unknown> {
  Id: string;
  Error__c: string | null;
}

/** What the hostile org says of a Case that is closed or under approval: a request that cannot be stored waits, and the run says so. */
const OF_THE_HOST = /^(FIELD_CUSTOM_VALIDATION_EXCEPTION|ENTITY_IS_LOCKED) on \w+$/;

const tellsHost = (why: string | null): boolean => (why ?? '').split('\n').every((line) => OF_THE_HOST.test(line));

/**
 * Jobs of the org that ended with an error of their own, and runs that say that something was left undone; a line each.
 * Somebody else may hold a row for longer than a job waits: the next run finds its work again.
 */
export const failedJobs = async (world: World): Promise<string[]> => {
  const jobs = await world.query<Job>(
    "SELECT ApexClass.Name, Status, NumberOfErrors, ExtendedStatus FROM AsyncApexJob WHERE Status = 'Failed' OR NumberOfErrors > 0 ORDER BY Id",
  );
  // the text is a long one: no query filters by it
  const runs = (await world.query<Run>('SELECT Id, Error__c FROM Reconciliation_Run__c ORDER BY Id')).filter(
    ({ Error__c: why }) => why !== null,
  );
  return [
    ...jobs
      .filter(({ ExtendedStatus: why }) => !tellsRowLock(why))
      .map(
        (job) =>
          `a job of ${job.ApexClass.Name} is ${job.Status} with ${job.NumberOfErrors} errors: ${job.ExtendedStatus}`,
      ),
    ...runs
      .filter(({ Error__c: why }) => !tellsRowLock(why) && !(world.hosted && tellsHost(why)))
      .map((run) => `the run ${run.Id} says ${run.Error__c}`),
  ];
};
