import { apexException } from '../values/index.ts';

/** A null where a value is needed. */
export const nullPointer = (): never => {
  throw apexException('NullPointerException', 'Attempt to de-reference a null object');
};
