/** System.Request: what the transaction is part of. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { NativeObject } from '../values/index.ts';
import { enumConstant } from './shared/enum.ts';

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  return {
    name: 'Request',
    s: { getcurrent: () => new NativeObject('Request') },
    m: {
      getrequestid: () => $.services.request.requestId,
      getquiddity: (): unknown => enumConstant($.std, 'Quiddity', $.services.request.quiddity),
    },
  };
};

export default factory;
