/** What the standard library asks of the running org, answered by the transaction. */
import { readFileSync } from 'node:fs';
import type { AsyncWork, Services, TestSupport } from '../services.ts';
import { apexException } from '../values/index.ts';
import { abortJob } from './async/abort.ts';
import { approvalsIn } from './approvals.ts';
import { enqueueBatch, enqueueQueueable } from './async/enqueue.ts';
import { scheduleApex, scheduleBatchApex } from './async/schedules.ts';
import { countCallout, sendCallout } from './callout/send.ts';
import { executeDml } from './dml.ts';
import { publishEvents } from './events/publish.ts';
import { instantiate, typeForName } from './find-type.ts';
import { LIMIT_NAMES, type LimitName } from './limits.ts';
import { mergeRecords } from './merge.ts';
import { cacheIn } from './platform-cache.ts';
import { queryCount, queryRecords, setupRecords } from './query.ts';
import type { RuntimeView } from './view.ts';
import { releaseSavepoint, rollbackTo, setSavepoint } from './savepoints.ts';
import { apexFrames } from './stack.ts';
import { isAssignable } from './type-test.ts';
import { userDetails } from './org-info.ts';

type RecordServices = Pick<
  Services,
  | 'query'
  | 'countQuery'
  | 'search'
  | 'dml'
  | 'merge'
  | 'emptyRecycleBin'
  | 'approvals'
  | 'setSavepoint'
  | 'rollback'
  | 'releaseSavepoint'
  | 'publish'
  | 'setupRecords'
  | 'schema'
>;

/** What reads and changes records. */
const recordServices = ($: RuntimeView): RecordServices => {
  const { core, defaultAccess } = $;
  const { transaction } = core;
  return {
    query: (soql, options) => queryRecords($, soql, options.binds ?? {}, options.access ?? defaultAccess),
    countQuery: (soql, options) => queryCount($, soql, options.binds ?? {}, options.access ?? defaultAccess),
    search: () => {
      throw apexException('SearchException', 'SOSL is not supported by the local org');
    },
    dml: (request) => executeDml($, request),
    merge: (master, duplicates, options) =>
      mergeRecords($, master, duplicates, { allOrNone: options.allOrNone, access: options.access ?? defaultAccess }),
    emptyRecycleBin: (ids, access) => {
      transaction.unit.governor.count('DmlStatements');
      transaction.unit.governor.count('DmlRows', ids.length);
      return transaction.store.emptyRecycleBin(ids, transaction.access(access ?? defaultAccess));
    },
    approvals: approvalsIn($),
    setSavepoint: () => setSavepoint(transaction),
    rollback: (savepoint) => rollbackTo(transaction, savepoint),
    releaseSavepoint: (savepoint) => releaseSavepoint(transaction, savepoint),
    publish: (events, callback, access) => publishEvents($, events, callback, access ?? defaultAccess),
    setupRecords: (object) => setupRecords($, object),
    schema: () => transaction.store.schema,
  };
};

/** The services of one view of the runtime: its default access mode stands where the caller names none. */
export const createServices = ($: RuntimeView): Services => {
  const { core } = $;
  const { transaction } = core;
  const { org, store } = transaction;
  const { permissions } = store;
  return {
    ...recordServices($),
    now: () => org.clock.now(),
    random: () => org.random.next(),
    log: (level, text) => logLine($, level, text),
    frames: (exception) => apexFrames(exception.stack, org.program),
    user: () => userDetails(store, transaction.userId),
    may: {
      object: (object, right) => permissions.object(transaction.userId, object, right),
      field: (object, field, right) => permissions.field(transaction.userId, object, field, right),
      custom: (permission) => permissions.custom(transaction.userId, permission),
    },

    async: asyncWork($),
    callout: (request) => sendCallout(transaction, request),
    countCallout: () => countCallout(transaction),
    sendEmail: (emails) => {
      transaction.unit.governor.count('EmailInvocations');
      org.log('email.sent', { emails: emails.length });
    },
    sendNotification: (notification) => org.log('notification.sent', { recipients: notification.recipients.length }),
    orgUrl: () => `https://${store.orgId.toLowerCase()}.my.salesforce.com`,

    limits: {
      used: (name) => {
        const limit = limitName(name);
        return limit === 'HeapSize' ? transaction.heap.size() : transaction.unit.governor.used(limit);
      },
      max: (name) => transaction.unit.governor.limits[limitName(name)],
    },
    get test(): TestSupport | null {
      return core.test;
    },
    get request() {
      return transaction.unit.request;
    },
    rest: transaction.rest,
    get eventTrigger() {
      return transaction.unit.eventTrigger;
    },
    cache: cacheIn(org),

    typeForName: (namespace, name) => typeForName(org, namespace, name),
    isSubtype: (sub, base) => isAssignable(org, sub, base),
    instantiate: (type) => instantiate($, type),
  };
};

const LIMITS_BY_NAME: ReadonlyMap<string, LimitName> = new Map(LIMIT_NAMES.map((name) => [name.toLowerCase(), name]));

const limitName = (name: string): LimitName => {
  const known = LIMITS_BY_NAME.get(name.toLowerCase());
  if (known === undefined)
    throw apexException('UnsupportedOperationException', `Limits.get${name} is not supported by the local org`);
  return known;
};

/** Of CPU time: the line of the program has to be found. */
const STEPS_PER_LOG_LINE = 100;

const logLine = ({ transaction }: RuntimeView, level: string, text: string): void => {
  transaction.heap.check();
  if (transaction.log === null) return;
  transaction.unit.governor.spend(STEPS_PER_LOG_LINE);
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, logLine);
  transaction.log.debug(level, text, apexFrames(here.stack, transaction.org.program)[0]?.line ?? 0);
};

const asyncWork = ($: RuntimeView): AsyncWork => ({
  enqueue: (job, options) => enqueueQueueable($, job, options),
  executeBatch: (job, scope) => enqueueBatch($, job, scope),
  schedule: (name, cron, job) => scheduleApex($, name, cron, job),
  scheduleBatch: (job, name, minutes, scope) => scheduleBatchApex($, job, name, minutes, scope),
  abort: (id) => abortJob($, id),
  attachFinalizer: (finalizer) => {
    const { unit } = $.transaction;
    if (!unit.request.isQueueable)
      throw apexException('AsyncException', 'System.attachFinalizer can be called only from a queueable job');
    if (unit.finalizer !== null)
      throw apexException('AsyncException', 'Only one finalizer can be attached to a queueable job');
    unit.finalizer = $.nn(finalizer);
  },
  depth: () => $.transaction.unit.chain,
});

/** Content of a static resource of the project. */
export const readStaticResource = (resources: ReadonlyMap<string, string>, name: string): Uint8Array | null => {
  const path = resources.get(name.toLowerCase());
  return path === undefined ? null : readFileSync(path);
};
