/** System.Type. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { apexException, ApexType, hashOf, sameKey } from '../values/index.ts';
import { sobjectTypeOf } from './shared/sobject-type.ts';

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  /** (name) or (namespace, name); null when there is no such type. */
  const forName = (first: string | null, second?: string | null): ApexType | null => {
    const name = second === undefined ? first : second;
    const ref = name === null ? null : $.services.typeForName(second === undefined ? null : first, name);
    return ref === null ? null : new ApexType(ref);
  };
  return {
    name: 'Type',
    s: { forname: forName },
    m: {
      getname: (self: ApexType) => self.ref,
      newinstance: (self: ApexType): unknown => $.services.instantiate(self.ref),
      isassignablefrom: (self: ApexType, other: ApexType | null) => {
        if (other === null) throw apexException('NullPointerException', 'Argument cannot be null.');
        return $.services.isSubtype(other.ref, self.ref);
      },
      tostring: (self: ApexType) => self.ref,
      equals: sameKey,
      hashcode: hashOf,
    },
    p: { sobjecttype: { get: (self: ApexType): unknown => sobjectTypeOf($, self.ref) } },
  };
};

export default factory;
