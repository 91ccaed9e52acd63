/** System. (runAs is a statement: the compiler handles it.) */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import type { ApexEnum } from '../values/index.ts';
import { ApexDatetime, apexException, hashOf, sameKey, toApexString } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { assertEqual, assertNotEqual, failure } from './shared/assertions.ts';
import { Bag } from './shared/bag.ts';
import { wallTime, zoneReader } from './shared/user-zone.ts';

/** Longest delay of System.enqueueJob and shortest of System.scheduleBatch, in minutes. */
const MAX_DELAY_MINUTES = 10;
const MIN_SCHEDULE_MINUTES = 1;
const DEFAULT_SCOPE = 200;

const debug = ($: PlatformRuntime, first: Apex, second?: Apex): void => {
  if (second === undefined) $.services.log('DEBUG', toApexString(first));
  else $.services.log((present(first) as ApexEnum).name, toApexString(second));
};

const delayOf = (minutes: number): number => {
  if (minutes < 0 || minutes > MAX_DELAY_MINUTES) {
    throw apexException('IllegalArgumentException', `The delay must be between 0 and ${MAX_DELAY_MINUTES} minutes.`);
  }
  return minutes;
};

/** A delay in minutes, or AsyncOptions. */
const enqueueOptions = (argument: Apex): Parameters<PlatformRuntime['services']['async']['enqueue']>[1] => {
  if (argument === undefined || argument === null) return {};
  if (!(argument instanceof Bag)) return { delayMinutes: delayOf(argument as number) };
  const {
    MinimumQueueableDelayInMinutes: delay,
    MaximumQueueableStackDepth: depth,
    DuplicateSignature: signature,
  } = argument.values;
  return {
    ...(typeof delay === 'number' ? { delayMinutes: delayOf(delay) } : {}),
    ...(typeof depth === 'number' ? { maximumDepth: depth } : {}),
    ...(signature ? { duplicateSignature: toApexString(signature) } : {}),
  };
};

const jobs = ($: PlatformRuntime): Record<string, NativeFunction> => ({
  enqueuejob: (job: Apex, options?: Apex) => $.services.async.enqueue(present(job), enqueueOptions(options)),
  schedule: (name: string | null, cron: string | null, job: Apex) =>
    $.services.async.schedule(present(name), present(cron), present(job)),
  schedulebatch: (job: Apex, name: string | null, minutes: number, scope = DEFAULT_SCOPE) => {
    if (present(minutes) < MIN_SCHEDULE_MINUTES)
      throw apexException('AsyncException', 'The minutes until a scheduled batch runs must be at least 1.');
    return $.services.async.scheduleBatch(present(job), present(name), minutes, scope);
  },
  abortjob: (id: string | null) => $.services.async.abort(present(id)),
  attachfinalizer: (finalizer: Apex) => $.services.async.attachFinalizer(present(finalizer)),
  isbatch: () => $.services.request.isBatch,
  isfuture: () => $.services.request.isFuture,
  isqueueable: () => $.services.request.isQueueable,
  isscheduled: () => $.services.request.isScheduled,
});

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  const zone = zoneReader($);
  return {
    name: 'System',
    s: {
      ...jobs($),
      debug: (first: Apex, second?: Apex) => debug($, first, second),
      assert: (condition: Apex, message?: Apex) => {
        if (condition !== true) throw failure(message);
      },
      assertequals: assertEqual,
      assertnotequals: assertNotEqual,
      now: () => new ApexDatetime($.services.now()),
      today: () => wallTime(new ApexDatetime($.services.now()), zone()).dateGmt(),
      currenttimemillis: () => BigInt($.services.now()),
      equals: (a: Apex, b: Apex) => sameKey(a, b),
      hashcode: (value: Apex) => hashOf(value),
    },
  };
};

export default factory;
