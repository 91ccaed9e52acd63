/** Putting asynchronous Apex into the queue: System.enqueueJob, @future, Database.executeBatch. */
import type { MethodInfo } from '../../../compiler/types.ts';
import type { Store } from '../../../store/types.ts';
import type { Apex } from '../../types.ts';
import { apexException } from '../../values/index.ts';
import { ACTIVE_BATCH_JOBS, BATCH_SCOPE_MAX, HOLDING_BATCH_JOBS, QUEUEABLE_DELAY_MAX_MINUTES } from '../limits.ts';
import type { RuntimeView } from '../view.ts';
import { createJobRow } from './job-rows.ts';
import { jobs, putJob } from './job-queue.ts';
import { serialize } from './serialize.ts';

const MS_PER_MINUTE = 60_000;

export interface EnqueueOptions {
  delayMinutes?: number;
  maximumDepth?: number;
  duplicateSignature?: string;
}

export const enqueueQueueable = ($: RuntimeView, job: Apex, options: EnqueueOptions): string => {
  const { transaction } = $;
  const { unit, store, org, userId } = transaction;
  const instance = $.nn(job);
  const delay = options.delayMinutes ?? 0;
  if (delay < 0 || delay > QUEUEABLE_DELAY_MAX_MINUTES) {
    throw apexException(
      'IllegalArgumentException',
      `The delay must be between 0 and ${QUEUEABLE_DELAY_MAX_MINUTES} minutes`,
    );
  }
  const chain = { current: (unit.chain?.current ?? 0) + 1, maximum: options.maximumDepth ?? unit.chain?.maximum ?? 0 };
  // Tests run no chains. Page: "Queueable Apex", testing.
  if ((chain.maximum > 0 && chain.current > chain.maximum) || ($.core.test !== null && chain.current > 1)) {
    throw apexException('AsyncException', 'Maximum stack depth has been reached.');
  }
  const signature = options.duplicateSignature ?? null;
  if (
    signature !== null &&
    jobs(store).some((queued) => queued.kind === 'queueable' && queued.signature === signature)
  ) {
    throw apexException('DuplicateMessageException', 'Attempt to enqueue job with duplicate queueable signature');
  }
  unit.governor.count('QueueableJobs');
  unit.uncommitted = true;
  const payload = serialize(instance);
  const className = instance.apexType as string;
  const now = org.clock.now();
  const id = createJobRow(store, { type: 'Queueable', className, userId, now });
  putJob(store, {
    kind: 'queueable',
    id,
    className,
    userId,
    dueAt: now + delay * MS_PER_MINUTE,
    payload,
    chain,
    signature,
  });
  return id;
};

/** What calling a @future method does. */
export const enqueueFuture = ($: RuntimeView, className: string, method: MethodInfo, args: Apex[]): void => {
  const { unit, store, org, userId } = $.transaction;
  if (unit.request.isFuture || unit.request.isBatch) {
    throw apexException(
      'AsyncException',
      `Future method cannot be called from a future or batch method: ${className}.${method.name}(${method.parameters.map((p) => p.type).join(', ')})`,
    );
  }
  unit.governor.count('FutureCalls');
  unit.uncommitted = true;
  const now = org.clock.now();
  const id = createJobRow(store, { type: 'Future', className, userId, now, method: method.name });
  putJob(store, {
    kind: 'future',
    id,
    className,
    userId,
    dueAt: now,
    member: method.member,
    payload: serialize($.newList('Object', args)),
  });
};

export const enqueueBatch = ($: RuntimeView, job: Apex, scope: number, dueAt?: number): string => {
  const { unit, store, org, userId } = $.transaction;
  const instance = $.nn(job);
  if (scope < 1) throw apexException('IllegalArgumentException', 'The batch size must be at least 1');
  if (unit.request.isBatch && unit.batchPhase !== 'finish') {
    throw apexException(
      'AsyncException',
      'Database.executeBatch cannot be called from a batch start, batch execute, or future method.',
    );
  }
  if (unit.request.isFuture)
    throw apexException(
      'AsyncException',
      'Database.executeBatch cannot be called from a batch start, batch execute, or future method.',
    );
  unit.uncommitted = true;
  const className = instance.apexType as string;
  const now = org.clock.now();
  const id = createJobRow(store, { type: 'BatchApex', className, userId, now, status: batchStatus(store) });
  putJob(store, {
    kind: 'batch',
    id,
    className,
    userId,
    dueAt: dueAt ?? now,
    payload: serialize(instance),
    scope: Math.min(scope, BATCH_SCOPE_MAX),
    stateful: org.program.isSubtype(className, 'Database.Stateful'),
    phase: 'start',
    chunk: 0,
    chunks: 0,
    errors: 0,
    query: null,
  });
  return id;
};

/** Five batch jobs are queued or run; further ones are held, and a hundred and first held one is refused. */
const batchStatus = (store: Store): 'Queued' | 'Holding' => {
  const waiting = jobs(store).filter((job) => job.kind === 'batch').length;
  if (waiting >= ACTIVE_BATCH_JOBS + HOLDING_BATCH_JOBS) {
    throw apexException(
      'AsyncException',
      `You've exceeded the limit of ${HOLDING_BATCH_JOBS} jobs in the flex queue for org.`,
    );
  }
  return waiting < ACTIVE_BATCH_JOBS ? 'Queued' : 'Holding';
};
