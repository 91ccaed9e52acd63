/** The values Apex programs compute with. See platform/types.ts for how each Apex type is represented. */
export { AddressObject, addressPart, type AddressParts } from './address.ts';
export { ApexBlob } from './blob.ts';
export { ApexCollection } from './collection.ts';
export { compareForSort } from './compare.ts';
export { ApexDate, daysInMonth, MS_PER_DAY, shiftMonths, utc } from './date.ts';
export { ApexDatetime } from './datetime.ts';
export { Decimal } from './decimal.ts';
export { dmlException } from './dml-exception.ts';
export { ApexDouble } from './double.ts';
export { compareNumbers, equalsApex, equalsText } from './equality.ts';
export { ApexException, apexException, type ApexFrame, type ExceptionRow } from './exception.ts';
export { HeapSize } from './heap-size.ts';
export { hashOf, stringHash } from './hash.ts';
export { plainKey as hashKey, sameKey } from './key.ts';
export { LimitExceeded } from './limit-exceeded.ts';
export { ApexList } from './list.ts';
export { bytesMade, made } from './made.ts';
export { ApexMap } from './map.ts';
export { LocalBinds } from './local-binds.ts';
export {
  ApexEnum,
  ApexObject,
  fieldShapes,
  NativeObject,
  userMethod,
  type ApexClassShape,
  type ApexFieldShape,
} from './object.ts';
export { divideRounded, type RoundingModeName } from './rounding.ts';
export { ApexSet } from './set.ts';
export { SObject, type RecordError } from './sobject.ts';
export { ApexTime } from './time.ts';
export { toApexString } from './to-text.ts';
export { ApexType, SObjectFieldToken, SObjectTypeToken } from './tokens.ts';
export { typeNameOf } from './type-name.ts';
export { argumentsOf, baseOf } from './type-ref.ts';
export { checkElements, checkLength, chargingTo, checkHeap, heapTooLarge, spend } from './work.ts';
export { Zone } from './zone.ts';
