/** AsyncApexJob rows: what an org shows of its asynchronous Apex. */
import type { Store, Value } from '../../../store/types.ts';

export type JobType = 'Queueable' | 'Future' | 'BatchApex' | 'ScheduledApex';

/** Characters of ExtendedStatus. */
const EXTENDED_STATUS_LENGTH = 255;

interface NewJobRow {
  type: JobType;
  className: string;
  userId: string;
  now: number;
  method?: string;
  cronTriggerId?: string;
  status?: 'Queued' | 'Holding';
}

/** Makes the row of a new job and answers its id. */
export const createJobRow = (store: Store, job: NewJobRow): string => {
  const id = store.newId('AsyncApexJob');
  changeJobRow(store, id, {
    CreatedDate: job.now,
    CreatedById: job.userId,
    JobType: job.type,
    ApexClassId: classId(store, job.className),
    Status: job.status ?? 'Queued',
    JobItemsProcessed: 0,
    TotalJobItems: 0,
    NumberOfErrors: 0,
    MethodName: job.method ?? null,
    CronTriggerId: job.cronTriggerId ?? null,
  });
  return id;
};

export const changeJobRow = (store: Store, id: string, values: Record<string, Value>): void =>
  store.writePlatformRow({ object: 'AsyncApexJob', id, values: new Map(Object.entries(values)) });

export const completeJobRow = (store: Store, id: string, now: number): void =>
  changeJobRow(store, id, { Status: 'Completed', CompletedDate: now });

export const failJobRow = (store: Store, id: string, now: number, message: string): void =>
  changeJobRow(store, id, {
    Status: 'Failed',
    CompletedDate: now,
    NumberOfErrors: 1,
    ExtendedStatus: message.slice(0, EXTENDED_STATUS_LENGTH),
  });

const classId = (store: Store, className: string): string | null => {
  const outer = className.split('.', 1)[0]!;
  const { rows } = store.query('SELECT Id FROM ApexClass WHERE Name = :name', {
    access: { userId: store.orgId, mode: 'system', sharing: false },
    binds: { name: outer },
  });
  return (rows[0]?.values.get('Id') as string | undefined) ?? null;
};
