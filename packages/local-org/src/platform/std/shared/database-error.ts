/** Database.Error. */
import type { SaveError } from '../../../store/types.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { Apex } from '../../types.ts';
import { ApexList, NativeObject } from '../../values/index.ts';
import { enumConstant } from './enum.ts';

export class DatabaseError extends NativeObject {
  readonly message: string;
  readonly statusCode: Apex;
  readonly fields: ApexList;

  constructor(error: SaveError, statusCode: Apex) {
    super('Database.Error');
    this.message = error.message;
    this.statusCode = statusCode;
    this.fields = new ApexList('String', [...error.fields]);
  }

  override toText(): string {
    return `Database.Error[getFields=${this.fields.size === 0 ? '()' : `(${this.fields.items.join(', ')})`};getMessage=${this.message};getStatusCode=${this.statusCode?.name ?? null};]`;
  }
}

export const databaseError = ($: PlatformRuntime, error: SaveError): DatabaseError =>
  new DatabaseError(error, enumConstant($.std, 'StatusCode', error.code));
