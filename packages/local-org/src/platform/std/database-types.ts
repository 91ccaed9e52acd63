/** The small types of the Database namespace: results, errors, options. */
import type { StdFactory, StdType } from '../types.ts';
import { Bag, bagProperties } from './shared/bag.ts';
import type { DatabaseError, DuplicateError } from './shared/database-error.ts';
import { type ResultType, resultFactory } from './shared/dml-result.ts';

const RESULTS: ResultType[] = [
  'Database.SaveResult',
  'Database.UpsertResult',
  'Database.DeleteResult',
  'Database.UndeleteResult',
  'Database.MergeResult',
  'Database.EmptyRecycleBinResult',
];

const errorGetters: NonNullable<StdType['m']> = {
  getmessage: (self: DatabaseError) => self.message,
  getstatuscode: (self: DatabaseError) => self.statusCode as unknown,
  getfields: (self: DatabaseError) => self.fields,
};

const error: StdFactory = () => ({ name: 'Database.Error', m: errorGetters });

const duplicateError: StdFactory = () => ({
  name: 'Database.DuplicateError',
  m: { ...errorGetters, getduplicateresult: (self: DuplicateError) => self.result },
});

const bag =
  (name: string, ...properties: string[]): StdFactory =>
  () => ({ name, create: () => new Bag(name), p: bagProperties(...properties) });

const HEADERS: Record<string, string[]> = {
  AssignmentRuleHeader: ['AssignmentRuleId', 'UseDefaultRule'],
  DuplicateRuleHeader: ['AllowSave', 'RunAsCurrentUser'],
  // Emails are counted, never sent: what these ask for has no effect.
  EmailHeader: ['TriggerAutoResponseEmail', 'TriggerOtherEmail', 'TriggerUserEmail'],
};

const headerType = (name: string): string => `Database.DMLOptions.${name}`;

const dmlOptions: StdFactory = () => ({
  name: 'Database.DMLOptions',
  create: () =>
    new Bag(
      'Database.DMLOptions',
      Object.fromEntries(Object.keys(HEADERS).map((name) => [name, new Bag(headerType(name))])),
    ),
  p: bagProperties('AllowFieldTruncation', 'OptAllOrNone', 'LocaleOptions', ...Object.keys(HEADERS)),
});

/** Keyed by lower-cased catalogue name. */
export const databaseTypes: Record<string, StdFactory> = {
  ...Object.fromEntries(RESULTS.map((name) => [name.toLowerCase(), resultFactory(name)])),
  'database.error': error,
  'database.duplicateerror': duplicateError,
  'database.dmloptions': dmlOptions,
  ...Object.fromEntries(
    Object.entries(HEADERS).map(([name, properties]) => [
      headerType(name).toLowerCase(),
      bag(headerType(name), ...properties),
    ]),
  ),
};
