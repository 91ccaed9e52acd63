import type { NativeFunction } from '../types.ts';
import { nullPointer } from './null.ts';

type Nullable = boolean | null;

export const booleans = {
  /** A Boolean that is tested. */
  truth: (a: Nullable) => (a === null ? nullPointer() : a),
  andBoolean: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a && b),
  orBoolean: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a || b),
  xorBoolean: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a !== b),
} satisfies Record<string, NativeFunction>;
