/** The run-time type of a value, as canonical TypeRef. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { ApexBlob } from './blob.ts';
import { ApexDate } from './date.ts';
import { ApexDatetime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { ApexDouble } from './double.ts';
import { ApexTime } from './time.ts';

/** Strings are `String`: ids are strings at run time. Null has no type: `Object`. */
export const typeNameOf = (value: Apex): TypeRef => {
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'number':
      return 'Integer';
    case 'bigint':
      return 'Long';
    case 'boolean':
      return 'Boolean';
    default:
      break;
  }
  if (value === null || value === undefined) return 'Object';
  if (value instanceof Decimal) return 'Decimal';
  if (value instanceof ApexDouble) return 'Double';
  if (value instanceof ApexDate) return 'Date';
  if (value instanceof ApexDatetime) return 'Datetime';
  if (value instanceof ApexTime) return 'Time';
  if (value instanceof ApexBlob) return 'Blob';
  return (value as { apexType?: TypeRef }).apexType ?? 'Object';
};
