/** System.EventBus. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import { ApexList, type SObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { accessOf } from './shared/dml-arguments.ts';
import { dmlResult, type DmlResult } from './shared/dml-result.ts';
import { AccessLevelObject } from './AccessLevel.ts';

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  const publish: NativeFunction = (target: SObject | ApexList | null, ...args: Apex[]) => {
    const list = present(target) instanceof ApexList;
    const events: Apex[] = list ? (target as ApexList).items : [target];
    events.forEach(present);
    const callback: Apex = args.find((value) => value !== null && !(value instanceof AccessLevelObject)) ?? null;
    const results = $.services
      .publish(events, callback, accessOf(args))
      .map((outcome) => dmlResult($, 'Database.SaveResult', outcome));
    return list ? new ApexList('Database.SaveResult', results) : results[0];
  };
  return {
    name: 'EventBus',
    s: {
      publish,
      publishwithaccesslevel: publish,
      // The id of a publish result is the operation's, which the event carries as EventUuid.
      getoperationid: (result: DmlResult | null) => present(result).id,
    },
  };
};

export default factory;
