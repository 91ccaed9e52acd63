/** The small types of the Database namespace: results, errors, options. */
import type { StdFactory } from '../types.ts';
import { Bag, bagProperties } from './shared/bag.ts';
import type { DatabaseError } from './shared/database-error.ts';
import { type ResultType, resultFactory } from './shared/dml-result.ts';

const RESULTS: ResultType[] = [
  'Database.SaveResult',
  'Database.UpsertResult',
  'Database.DeleteResult',
  'Database.UndeleteResult',
  'Database.MergeResult',
];

const error: StdFactory = () => ({
  name: 'Database.Error',
  m: {
    getmessage: (self: DatabaseError) => self.message,
    getstatuscode: (self: DatabaseError) => self.statusCode as unknown,
    getfields: (self: DatabaseError) => self.fields,
  },
});

const bag =
  (name: string, ...properties: string[]): StdFactory =>
  () => ({ name, create: () => new Bag(name), p: bagProperties(...properties) });

/** Only these options have an effect here; the headers for assignment rules and emails are accepted by the type, not offered. */
const dmlOptions: StdFactory = () => ({
  name: 'Database.DMLOptions',
  create: () =>
    new Bag('Database.DMLOptions', { DuplicateRuleHeader: new Bag('Database.DMLOptions.DuplicateRuleHeader') }),
  p: bagProperties('AllowFieldTruncation', 'OptAllOrNone', 'LocaleOptions', 'DuplicateRuleHeader'),
});

/** Keyed by lower-cased catalogue name. */
export const databaseTypes: Record<string, StdFactory> = {
  ...Object.fromEntries(RESULTS.map((name) => [name.toLowerCase(), resultFactory(name)])),
  'database.error': error,
  'database.dmloptions': dmlOptions,
  'database.dmloptions.duplicateruleheader': bag(
    'Database.DMLOptions.DuplicateRuleHeader',
    'AllowSave',
    'RunAsCurrentUser',
  ),
};
