/** Run-time type tests: instanceof, casts, and which types may stand for which. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import {
  ApexDate,
  ApexDatetime,
  apexException,
  ApexDouble,
  ApexException,
  argumentsOf,
  baseOf,
  Decimal,
  MS_PER_DAY,
  SObject,
  typeNameOf,
} from '../values/index.ts';
import type { OrgContext } from './org-context.ts';

type Types = Pick<OrgContext, 'program' | 'catalogue' | 'store'>;

/** Base names that the platform lets stand without `System.`. */
const plain = (type: TypeRef): string => type.toLowerCase().replace(/^system\./, '');

/** Primitives that are also instances of types their values convert to, as Salesforce answers `instanceof`. */
const ALSO: Record<string, readonly string[]> = {
  integer: ['long', 'decimal', 'double'],
  long: ['decimal', 'double'],
  decimal: ['double'],
  date: ['datetime'],
};

/** `value instanceof type` */
export const isInstance = (types: Types, value: Apex, type: TypeRef): boolean => {
  if (holds(types, value, type)) return true;
  if (value === null || value === undefined) return false;
  return ALSO[plain(typeNameOf(value))]?.includes(plain(type)) ?? false;
};

/** The value can stand where the type is wanted, as it is. Ids are strings at run time, so a text that could be an id is both. */
const holds = (types: Types, value: Apex, type: TypeRef): boolean => {
  if (value === null || value === undefined) return false;
  const wanted = plain(type);
  if (wanted === 'object') return true;
  if (wanted === 'id') return typeof value === 'string' && types.store.normalizeId(value) !== null;
  if (value instanceof SObject && wanted === 'sobject') return true;
  if (value instanceof ApexException && wanted === 'exception') return true;
  return isAssignable(types, typeNameOf(value), type);
};

/** A value of the run-time type `from` may be used where `to` is wanted. */
export const isAssignable = (types: Types, from: TypeRef, to: TypeRef): boolean => {
  const [source, target] = [plain(from), plain(to)];
  if (source === target || target === 'object') return true;
  if (target === 'sobject') return types.store.schema.objects.has(source);
  // A list of records holds any of them: Apex lets List<SObject> and List<Account> stand for each other.
  if (source === 'sobject') return types.store.schema.objects.has(target);
  if (source.includes('<') && target.includes('<')) return genericAssignable(types, source, target);
  if (types.program.classInfo(source)) {
    if (types.program.isSubtype(source, target)) return true;
    const parent = types.program.platformSuperclass(source);
    return parent !== null && isAssignable(types, parent, to);
  }
  const known = types.catalogue.types[baseOf(source)];
  if (!known) return false;
  const parents = [
    known.superclass,
    ...(known.interfaces ?? []),
    ...(source.endsWith('exception') ? ['Exception'] : []),
  ];
  return parents.some((parent) => parent !== undefined && plain(parent) !== source && isAssignable(types, parent, to));
};

const genericAssignable = (types: Types, source: TypeRef, target: TypeRef): boolean => {
  const [given, wanted] = [argumentsOf(source), argumentsOf(target)];
  const bases = [baseOf(source), baseOf(target)] as const;
  const compatible = bases[0] === bases[1] || (bases[1] === 'iterable' && (bases[0] === 'list' || bases[0] === 'set'));
  return (
    compatible && given.length === wanted.length && given.every((type, i) => isAssignable(types, type, wanted[i]!))
  );
};

/** `(type) value`: TypeException when the value is of another type. */
export const castValue = (types: Types, value: Apex, type: TypeRef): Apex => {
  if (value === null || holds(types, value, type)) return value;
  const wanted = plain(type);
  if (wanted === 'id') throw apexException('StringException', `Invalid id: ${String(value)}`);
  if (wanted === 'datetime' && value instanceof ApexDate) return new ApexDatetime(value.days * MS_PER_DAY);
  if (wanted === 'double' && value instanceof Decimal) return new ApexDouble(value.toNumber());
  if (wanted === 'decimal' && value instanceof ApexDouble) return Decimal.fromNumber(value.value);
  if ((wanted === 'decimal' || wanted === 'double') && typeof value === 'number')
    return wanted === 'decimal' ? Decimal.fromInteger(value) : new ApexDouble(value);
  if (wanted === 'long' && typeof value === 'number') return BigInt(value);
  throw apexException('TypeException', `Invalid conversion from runtime type ${typeNameOf(value)} to ${type}`);
};
