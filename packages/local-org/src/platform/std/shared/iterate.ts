/** The elements of whatever Apex can iterate over. */
import type { Apex, Runtime } from '../../types.ts';
import { ApexList, ApexMap, ApexSet } from '../../values/index.ts';

/** Elements of a List, a Set, or a user-defined Iterable. */
export const elementsOf = ($: Runtime, iterable: Apex): Apex[] => {
  if (iterable instanceof ApexList) return iterable.items;
  if (iterable instanceof ApexSet) return iterable.values();
  if (iterable instanceof ApexMap) return iterable.values();
  const iterator: Apex = $.call(iterable, 'iterator', []);
  const items: Apex[] = [];
  while ($.call(iterator, 'hasNext', []) === true) items.push($.call(iterator, 'next', []));
  return items;
};
