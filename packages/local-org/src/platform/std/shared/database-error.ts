/** Database.Error and Database.DuplicateError. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { DuplicateResult, SaveError } from '../../../store/types.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { Apex } from '../../types.ts';
import { ApexList, NativeObject } from '../../values/index.ts';
import type { Bag } from './bag.ts';
import { duplicateResult } from './duplicate-result.ts';
import { enumConstant } from './enum.ts';

export class DatabaseError extends NativeObject {
  readonly message: string;
  readonly statusCode: Apex;
  readonly fields: ApexList;

  constructor(error: SaveError, statusCode: Apex, type: TypeRef = 'Database.Error') {
    super(type);
    this.message = error.message;
    this.statusCode = statusCode;
    this.fields = new ApexList('String', [...error.fields]);
  }

  override toText(): string {
    return `${this.apexType}[getFields=${this.fields.size === 0 ? '()' : `(${this.fields.items.join(', ')})`};getMessage=${this.message};getStatusCode=${this.statusCode?.name ?? null};]`;
  }
}

export class DuplicateError extends DatabaseError {
  readonly result: Bag;

  constructor(error: SaveError, statusCode: Apex, found: DuplicateResult) {
    super(error, statusCode, 'Database.DuplicateError');
    this.result = duplicateResult(found, error.message);
  }
}

export const databaseError = ($: PlatformRuntime, error: SaveError): DatabaseError => {
  const statusCode = enumConstant($.std, 'StatusCode', error.code);
  return error.duplicates === undefined
    ? new DatabaseError(error, statusCode)
    : new DuplicateError(error, statusCode, error.duplicates);
};
