/** Database.SaveResult and its siblings. */
import type { DmlOutcome, MergeOutcome, PlatformRuntime } from '../../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../../types.ts';
import { ApexList, NativeObject } from '../../values/index.ts';
import { databaseError } from './database-error.ts';

export type ResultType =
  | 'Database.SaveResult'
  | 'Database.UpsertResult'
  | 'Database.DeleteResult'
  | 'Database.UndeleteResult'
  | 'Database.MergeResult'
  | 'Database.EmptyRecycleBinResult';

export class DmlResult extends NativeObject {
  id: string | null = null;
  success = false;
  created = false;
  errors = new ApexList('Database.Error');
  mergedRecordIds: string[] = [];
  updatedRelatedIds: string[] = [];

  override toText(): string {
    return `${this.apexType}[getErrors=(${this.errors.items.map((error) => (error as NativeObject).toText()).join(', ')});getId=${this.id};isSuccess=${this.success};]`;
  }
}

export const dmlResult = ($: PlatformRuntime, type: ResultType, outcome: DmlOutcome | MergeOutcome): DmlResult => {
  const result = new DmlResult(type);
  // As in the platform, a failed insert names no record.
  result.id = outcome.id;
  result.success = outcome.success;
  result.created = outcome.created;
  result.errors.items = outcome.errors.map((error) => databaseError($, error));
  if ('mergedRecordIds' in outcome)
    Object.assign(result, { mergedRecordIds: outcome.mergedRecordIds, updatedRelatedIds: outcome.updatedRelatedIds });
  return result;
};

const GETTERS: Record<string, NativeFunction> = {
  getid: (self: DmlResult) => self.id,
  issuccess: (self: DmlResult) => self.success,
  geterrors: (self: DmlResult) => self.errors,
};

const strings = (items: string[]): ApexList => new ApexList('String', [...items]);

const MORE: Partial<Record<ResultType, Record<string, NativeFunction>>> = {
  'Database.UpsertResult': { iscreated: (self: DmlResult) => self.created },
  'Database.MergeResult': {
    getmergedrecordids: (self: DmlResult) => strings(self.mergedRecordIds),
    getupdatedrelatedids: (self: DmlResult) => strings(self.updatedRelatedIds),
  },
};

/** The factory of one result type; `new` makes an unsuccessful, empty one, as tests do. */
export const resultFactory =
  (type: ResultType): StdFactory =>
  () => ({
    name: type,
    create: (): Apex => new DmlResult(type),
    m: { ...GETTERS, ...MORE[type] },
  });
