import type { Apex, NativeFunction } from '../types.ts';
import { ApexList, ApexMap, ApexSet, apexException, LocalBinds } from '../values/index.ts';
import { nullPointer } from './null.ts';

/** Records that `for (List<X> batch : [SELECT …])` gets at a time (Apex Developer Guide, SOQL For Loops). */
const QUERY_BATCH = 200;

function* fromIterator(iterable: Apex): Generator<Apex> {
  const iterator: Apex = iterable.iterator$0();
  while (iterator.hasnext$0() === true) yield iterator.next$0();
}

function* batches(list: ApexList): Generator<ApexList> {
  for (let i = 0; i < list.items.length; i += QUERY_BATCH)
    yield new ApexList(list.elementType, list.items.slice(i, i + QUERY_BATCH));
}

export const collections = {
  listGet: (list: ApexList, index: number | null) => list.get(index as number),
  listSet: (list: ApexList, index: number | null, value: Apex) => list.set(index as number, value),
  /** What a for loop runs over: lists and sets themselves, the elements of anything Iterable. */
  iterate: (source: Apex): Iterable<Apex> => {
    if (source === null) return nullPointer();
    if (source instanceof ApexList || source instanceof ApexSet) return source;
    if (source instanceof ApexMap) return source.values();
    return fromIterator(source);
  },
  batches: (list: ApexList | null) => (list === null ? nullPointer() : batches(list)),
  /** `Case c = Database.query(…)` */
  single: (list: ApexList | null) => {
    if (list === null) return null;
    if (list.items.length === 0) throw apexException('QueryException', 'List has no rows for assignment to SObject');
    if (list.items.length > 1)
      throw apexException('QueryException', 'List has more than 1 row for assignment to SObject');
    return list.items[0];
  },
  /** Variables that a dynamic query may bind by name. */
  localBinds: (values: Record<string, Apex>) => new LocalBinds(values),
} satisfies Record<string, NativeFunction>;
