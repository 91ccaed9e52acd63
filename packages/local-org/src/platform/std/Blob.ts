/** System.Blob. */
import type { StdFactory } from '../types.ts';
import { ApexBlob, apexException } from '../values/index.ts';
import { present } from './shared/arguments.ts';

const text = (self: ApexBlob): string => {
  const decoded = self.text();
  if (decoded === null) throw apexException('StringException', 'BLOB is not a valid UTF-8 string');
  return decoded;
};

const factory: StdFactory = () => ({
  name: 'Blob',
  s: { valueof: (value: string | null) => ApexBlob.fromString(present(value)) },
  m: { size: (self: ApexBlob) => self.bytes.length, tostring: text },
});

export default factory;
