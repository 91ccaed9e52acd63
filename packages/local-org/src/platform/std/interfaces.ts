/** The platform's interfaces. */
import type { StdFactory } from '../types.ts';
import { ApexList, ApexSet } from '../values/index.ts';
import { interfaceFactory } from './shared/interface.ts';
import { NativeIterator } from './shared/iterate.ts';

const METHODS: Record<string, readonly string[]> = {
  Iterator: ['hasNext', 'next'],
  Comparable: ['compareTo'],
  Comparator: ['compare'],
  Callable: ['call'],
  Queueable: ['execute'],
  Schedulable: ['execute'],
  Finalizer: ['execute'],
  'Database.Batchable': ['start', 'execute', 'finish'],
  'Database.Stateful': [],
  'Database.AllowsCallouts': [],
  'Database.RaisesPlatformEvents': [],
  HttpCalloutMock: ['respond'],
  QueueableContext: ['getJobId'],
  SchedulableContext: ['getTriggerId'],
  'Database.BatchableContext': ['getJobId', 'getChildJobId'],
  FinalizerContext: ['getAsyncApexJobId', 'getRequestId', 'getResult', 'getException'],
  'EventBus.EventPublishFailureCallback': ['onFailure'],
  'EventBus.EventPublishSuccessCallback': ['onSuccess'],
  StubProvider: ['handleMethodCall'],
};

/** A collection is an Iterable that has no user-visible class. */
const iterable: StdFactory = ($) => ({
  name: 'Iterable',
  m: {
    iterator: (self) => {
      if (self instanceof ApexList) return new NativeIterator(self.elementType, self.items);
      if (self instanceof ApexSet) return new NativeIterator(self.elementType, self.values());
      return $.call(self, 'iterator', []);
    },
  },
});

/** Keyed by lower-cased catalogue name. */
export const interfaces: Record<string, StdFactory> = {
  ...Object.fromEntries(
    Object.entries(METHODS).map(([name, methods]) => [name.toLowerCase(), interfaceFactory(name, methods)]),
  ),
  iterable,
};
