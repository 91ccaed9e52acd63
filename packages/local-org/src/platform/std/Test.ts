/** System.Test. */
import type { PlatformRuntime, TestSupport } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import {
  type ApexDatetime,
  apexException,
  type ApexType,
  NativeObject,
  type SObjectTypeToken,
} from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { loadCsv } from './shared/load-csv.ts';

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  const test = (): TestSupport => {
    if ($.services.test === null)
      throw apexException('UnexpectedException', 'Methods of Test can be called only from tests.');
    return $.services.test;
  };
  return {
    name: 'Test',
    s: {
      isrunningtest: () => $.services.test !== null,
      starttest: () => test().startTest(),
      stoptest: () => test().stopTest(),
      setmock: (type: ApexType | null, mock: Apex) => test().setMock(present(type).ref.toLowerCase(), present(mock)),
      setcreateddate: (id: string | null, date: ApexDatetime | null) =>
        test().setCreatedDate(present(id), present(date).ms),
      getstandardpricebookid: () => test().standardPricebookId(),
      geteventbus: () => (test(), new NativeObject('EventBus.TestBroker')),
      loaddata: (type: SObjectTypeToken | null, resource: string | null) =>
        loadCsv($, test(), present(type).object, present(resource)),
    },
  };
};

export default factory;
