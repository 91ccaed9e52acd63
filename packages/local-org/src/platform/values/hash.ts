/** Hash codes, as System.hashCode and buckets of KeyIndex use them. Equal values have equal codes. */
import type { Apex } from '../types.ts';
import { ComparedByContent, plainKey } from './key.ts';
import { ApexObject, userMethod } from './object.ts';

/** The polynomial hash of a string over its UTF-16 code units, in 32 bits: s[0]*31^(n-1) + …. */
export const stringHash = (text: string): number => {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
};

/** Sum in 32 bits: a hash that regards no order. */
export const hashSum = (values: number[]): number => values.reduce((total, value) => (total + value) | 0, 0);

/** 32-bit hash code of any value. */
export const hashOf = (value: Apex): number => {
  if (value === null) return 0;
  if (typeof value === 'number') return value | 0;
  if (typeof value === 'boolean') return value ? 1231 : 1237;
  if (typeof value === 'string') return stringHash(value);
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
  if (value instanceof ComparedByContent) return value.contentHash();
  if (value instanceof ApexObject) {
    const own = userMethod(value, 'hashCode', 0);
    return own === null ? 0 : (own() as number);
  }
  const plain = plainKey(value);
  return typeof plain === 'string' ? stringHash(plain) : 0;
};
