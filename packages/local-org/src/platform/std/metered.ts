/** Charges what a method of the library does to the transaction, by the size of what it takes and gives. */
import type { Apex, NativeFunction, StdType } from '../types.ts';
import { ApexBlob, ApexList, ApexMap, ApexSet, checkHeap, checkLength, made, spend } from '../values/index.ts';

/** Characters, bytes and elements that are one step. */
const CHARACTERS = 64;
const ELEMENTS = 4;

/** Methods that take as long for a large collection as for a small one. */
const CONSTANT: Record<string, readonly string[]> = {
  list: ['get', 'set', 'size', 'isempty'],
  set: ['add', 'contains', 'remove', 'size', 'isempty'],
  map: ['get', 'put', 'containskey', 'size', 'isempty', 'remove'],
};

/** Steps of one call of types whose methods do much, whatever they are given. */
const PER_CALL: Record<string, number> = {
  crypto: 2_000,
  datetime: 10,
  json: 50,
  pattern: 100,
  schema: 500,
  type: 50,
};
/** How much more the types do with each character. */
const PER_CHARACTER: Record<string, number> = { json: 16, jsonparser: 16 };

const stepsOf = (value: Apex): number => {
  if (typeof value === 'string') return value.length / CHARACTERS;
  if (typeof value !== 'object') return 0;
  if (value instanceof ApexList) return value.items.length / ELEMENTS;
  if (value instanceof ApexSet || value instanceof ApexMap) return value.size / ELEMENTS;
  return value instanceof ApexBlob ? value.bytes.length / CHARACTERS : 0;
};

const metered =
  (method: NativeFunction, perCall: number, factor: number): NativeFunction =>
  (...args) => {
    let steps = perCall;
    for (const argument of args) steps += factor * stepsOf(argument);
    if (steps >= 1) spend(steps);
    const result: Apex = method(...args);
    made(heapOf(result, args));
    if (typeof result === 'string') checkLength(result.length);
    const size = stepsOf(result);
    if (size >= 1) {
      spend(size);
      checkHeap(result, ...args);
    }
    return result;
  };

/** Bytes of heap that the texts of a result were given: those of a collection or an object are parts of a text that was read. */
const heapOf = (result: Apex, args: readonly Apex[]): number => {
  if (typeof result === 'string') return result.length;
  return typeof result === 'object' && typeof args[0] === 'string' ? args[0].length : 0;
};

/** `add(element)` is quick, `add(index, element)` moves all behind it. */
const listAdd =
  (add: NativeFunction): NativeFunction =>
  (self: ApexList, ...rest) => {
    if (rest.length > 1) spend(stepsOf(self));
    return add(self, ...rest);
  };

const all = (
  type: string,
  methods: Record<string, NativeFunction>,
  constant: readonly string[] = [],
): Record<string, NativeFunction> => {
  const perCall = PER_CALL[type] ?? 0;
  const factor = PER_CHARACTER[type] ?? 1;
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      constant.includes(name) ? method : metered(method, perCall, factor),
    ]),
  );
};

export const meteredType = (name: string, type: StdType): StdType => {
  const constant = CONSTANT[name] ?? [];
  const m = type.m && all(name, type.m, name === 'list' ? [...constant, 'add'] : constant);
  if (m !== undefined && name === 'list') m.add = listAdd(m.add!);
  return { ...type, ...(type.s && { s: all(name, type.s) }), ...(m && { m }) };
};
