/** System.Limits: what the transaction used, and what it may. */
import type { PlatformRuntime } from '../services.ts';
import type { NativeFunction, StdFactory } from '../types.ts';

/** Getters without `get` and `getLimit`. */
const NAMES = [
  'AggregateQueries',
  'AsyncCalls',
  'Callouts',
  'CpuTime',
  'DmlRows',
  'DmlStatements',
  'EmailInvocations',
  'FindSimilarCalls',
  'FutureCalls',
  'HeapSize',
  'MobilePushApexCalls',
  'PublishImmediateDml',
  'Queries',
  'QueryLocatorRows',
  'QueryRows',
  'QueueableJobs',
  'SavepointRollbacks',
  'Savepoints',
  'SoslQueries',
];

const factory: StdFactory = ($) => ({
  name: 'Limits',
  s: Object.fromEntries(
    NAMES.flatMap((name): [string, NativeFunction][] => [
      [`get${name}`.toLowerCase(), () => ($ as PlatformRuntime).services.limits.used(name)],
      [`getlimit${name}`.toLowerCase(), () => ($ as PlatformRuntime).services.limits.max(name)],
    ]),
  ),
});

export default factory;
