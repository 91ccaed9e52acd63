/** Which types convert to which, by themselves and by a cast. */
import {
  isCollection,
  isLoose,
  isPlatform,
  isPrimitive,
  isRecord,
  numericRank,
  type Type,
  isEnum,
} from '../symbols.ts';
import { ancestors } from './ancestors.ts';
import type { TypeTable } from './type-table.ts';

/** Implicit conversions: what may be assigned to what, at which cost, and what must happen to the value. */
export interface Conversion {
  /** 0 for the same type; overloads with the least sum win. */
  cost: number;
  /** Function of `$.ops` that changes the representation, if it has to change. */
  operation: string | null;
}

const NONE: Conversion = { cost: 0, operation: null };
/** Object takes everything, after everything else was tried. */
const TO_OBJECT = 20;
const NARROWING = 8;

const as = (cost: number, operation: string | null = null): Conversion => ({ cost, operation });

const PRIMITIVE_CONVERSIONS: Record<string, Conversion> = {
  'integer long': as(1, 'intToLong'),
  'integer double': as(2, 'intToDouble'),
  'integer decimal': as(3, 'intToDecimal'),
  'long double': as(1, 'longToDouble'),
  'long decimal': as(2, 'longToDecimal'),
  'double decimal': as(1, 'doubleToDecimal'),
  'decimal double': as(NARROWING, 'decimalToDouble'),
  'id string': as(1),
  'string id': as(NARROWING, 'toId'),
  'date datetime': as(3, 'dateToDatetime'),
};

function argumentsConvert(types: TypeTable, from: Type, to: Type): number | null {
  let cost = 0;
  for (let i = 0; i < to.args.length; i++) {
    const source = from.args[i];
    const target = to.args[i]!;
    if (source === undefined || source === target || isLoose(source) || isLoose(target)) continue;
    // Lists and maps of records convert both ways: Trigger.newMap is a Map<Id,SObject>.
    if (isRecord(source) && isRecord(target)) {
      if (source !== types.sobject && target !== types.sobject) return null;
      cost += 1;
      continue;
    }
    // Ids and strings have one representation; the platform converts between lists of them.
    if (isPrimitive(source, 'id') && isPrimitive(target, 'string')) {
      cost += 1;
      continue;
    }
    if (isPrimitive(source, 'string') && isPrimitive(target, 'id')) {
      cost += NARROWING;
      continue;
    }
    const inner = conversion(types, source, target);
    if (inner === null || inner.operation !== null) return null;
    cost += inner.cost;
  }
  return cost;
}

function toCollection(types: TypeTable, from: Type, to: Type): Conversion | null {
  for (const [candidate, distance] of ancestors(types, from)) {
    if (candidate.kind !== 'platform' || candidate.key !== to.key) continue;
    // Sets are invariant: Set<String> is no Set<Object>.
    if (isPlatform(to, 'set') && !(isRecord(candidate.args[0]!) && isRecord(to.args[0]!))) {
      const [source, target] = [candidate.args[0]!, to.args[0]!];
      return source === target || isLoose(source) || isLoose(target) ? as(distance) : null;
    }
    const cost = argumentsConvert(types, candidate, to);
    if (cost !== null) return as(distance + cost);
  }
  return null;
}

/** Null when a value of `from` cannot stand where `to` is wanted. */
export function conversion(types: TypeTable, from: Type, to: Type): Conversion | null {
  if (from === to || from.kind === 'error' || to.kind === 'error') return NONE;
  if (from.kind === 'void' || to.kind === 'void') return null;
  if (from.kind === 'null') return NONE;
  if (to.kind === 'object') return as(TO_OBJECT);
  if (from.kind === 'primitive') {
    const found = PRIMITIVE_CONVERSIONS[`${from.key} ${to.key}`];
    return found !== undefined && to.kind === 'primitive' ? found : null;
  }
  if (isRecord(from) && to === types.sobject) return as(1);
  if (to.args.length > 0) return toCollection(types, from, to);
  const distance = ancestors(types, from).get(to);
  return distance === undefined ? null : as(distance);
}

/** The narrower of two types that both convert to it, for `? :` and `??`; null when there is none. */
export function commonType(types: TypeTable, a: Type, b: Type): Type | null {
  if (a === b || b.kind === 'null' || a.kind === 'error') return a;
  if (a.kind === 'null' || b.kind === 'error') return b;
  const ranks = [numericRank(a), numericRank(b)] as const;
  if (ranks[0] > 0 && ranks[1] > 0) return ranks[0] > ranks[1] ? a : b;
  if (isPrimitive(a, 'id') && isPrimitive(b, 'string')) return b;
  if (isPrimitive(b, 'id') && isPrimitive(a, 'string')) return a;
  if (conversion(types, b, a) !== null) return a;
  if (conversion(types, a, b) !== null) return b;
  if (isRecord(a) && isRecord(b)) return types.sobject;
  if (isCollection(a) || isCollection(b)) return null;
  for (const candidate of ancestors(types, a).keys()) {
    if (candidate !== a && conversion(types, b, candidate) !== null) return candidate;
  }
  return null;
}

const open = (type: Type): boolean =>
  type.kind === 'user' || (type.kind === 'platform' && !isCollection(type) && !isEnum(type));

const isInterface = (type: Type): boolean => (type.user?.kind ?? type.platform?.kind) === 'interface';

/** Explicit casts: which are possible at all. Whether one succeeds is the runtime's affair. */
export function castable(types: TypeTable, from: Type, to: Type): boolean {
  if (from.kind === 'void' || to.kind === 'void') return false;
  if (from.kind === 'object' || from.kind === 'error' || to.kind === 'error') return true;
  if (conversion(types, from, to) !== null || conversion(types, to, from) !== null) return true;
  if (numericRank(from) > 0 && numericRank(to) > 0) return true;
  // The parent of a polymorphic lookup is a Name until it is cast.
  if (isRecord(from) && isRecord(to)) return [from, to].some((type) => type === types.sobject || type.key === 'name');
  if (isCollection(from) && from.key === to.key)
    return from.args.every((arg, i) => castable(types, arg, to.args[i] ?? arg));
  if (isInterface(from)) return open(to) || isCollection(to);
  if (isInterface(to)) return open(from);
  return false;
}
