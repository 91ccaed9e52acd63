/** System.Assert. */
import type { Apex, StdFactory } from '../types.ts';
import { type ApexType, toApexString, typeNameOf } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { assertEqual, assertNotEqual, failure } from './shared/assertions.ts';

const factory: StdFactory = ($) => ({
  name: 'Assert',
  s: {
    areequal: assertEqual,
    arenotequal: assertNotEqual,
    fail: (message?: Apex) => {
      throw failure(message);
    },
    istrue: (value: Apex, message?: Apex) => assertEqual(true, value, message),
    isfalse: (value: Apex, message?: Apex) => assertEqual(false, value, message),
    isnull: (value: Apex, message?: Apex) => assertEqual(null, value, message),
    isnotnull: (value: Apex, message?: Apex) => assertNotEqual(null, value, message),
    isinstanceoftype: (value: Apex, type: ApexType | null, message?: Apex) => {
      if (!$.is(value, present(type).ref))
        throw failure(message, `Expected type: ${type!.ref}, Actual: ${shown(value)}`);
    },
    isnotinstanceoftype: (value: Apex, type: ApexType | null, message?: Apex) => {
      if ($.is(value, present(type).ref))
        throw failure(message, `Not expected type: ${type!.ref}, Actual: ${shown(value)}`);
    },
  },
});

const shown = (value: Apex): string => (value === null ? 'null' : `${typeNameOf(value)} (${toApexString(value)})`);

export default factory;
