/** Database.QueryLocator and its iterator. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { NativeIterator } from './shared/iterate.ts';
import type { QueryLocator } from './shared/query-locator.ts';

const ITERATOR = 'Database.QueryLocatorIterator';

const locator: StdFactory = ($) => ({
  name: 'Database.QueryLocator',
  m: {
    getquery: (self: QueryLocator) => self.soql,
    iterator: (self: QueryLocator) => new NativeIterator('SObject', self.fetch($ as PlatformRuntime).items, ITERATOR),
  },
});

const iterator: StdFactory = () => ({
  name: ITERATOR,
  m: { hasnext: (self: NativeIterator) => self.hasnext$0(), next: (self: NativeIterator): unknown => self.next$0() },
});

/** Keyed by lower-cased catalogue name. */
export const queryLocatorTypes: Record<string, StdFactory> = {
  'database.querylocator': locator,
  'database.querylocatoriterator': iterator,
};
