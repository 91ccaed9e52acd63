/** The maps that describe calls answer: keys are lower case, look-ups regard no case. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { Apex } from '../../types.ts';
import { ApexMap } from '../../values/index.ts';

const folded = (key: Apex): Apex => (typeof key === 'string' ? key.toLowerCase() : key);

export class CaseInsensitiveMap extends ApexMap {
  constructor(valueType: TypeRef, entries: Iterable<readonly [string, Apex]>) {
    super(
      'String',
      valueType,
      Array.from(entries, ([key, value]) => [key.toLowerCase(), value] as const),
    );
  }

  override has(key: Apex): boolean {
    return super.has(folded(key));
  }

  override get(key: Apex): Apex {
    return super.get(folded(key));
  }

  override put(key: Apex, value: Apex): Apex {
    return super.put(folded(key), value);
  }

  override remove(key: Apex): Apex {
    return super.remove(folded(key));
  }
}
