/** System.Id. */
import { normalizeId } from '../../store/ids/record-id.ts';
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { apexException } from '../values/index.ts';
import { present } from './shared/arguments.ts';

/** The 18-character form, or StringException. */
export const idOf = (text: string | null): string => {
  const id = normalizeId(present(text));
  if (id === null) throw apexException('StringException', `Invalid id: ${text}`);
  return id;
};

const factory: StdFactory = ($) => ({
  name: 'Id',
  s: { valueof: (text: string | null) => idOf(text) },
  m: {
    to15: (self: string) => self.slice(0, 15),
    getsobjecttype: (self: string) => {
      const object = ($ as PlatformRuntime).services.schema().byKeyPrefix.get(self.slice(0, 3));
      if (!object) throw apexException('SObjectException', `Invalid key prefix of the id: ${self}`);
      return $.sobjectType(object.name);
    },
    equals: (self: string, other: string | null) => other !== null && (self === other || self === normalizeId(other)),
  },
});

export default factory;
