/** The operators of compiled Apex, reached as `$.ops.<name>`. The analyser chose them by static types. */
import type { NativeFunction } from '../types.ts';
import { booleans, comparison } from './comparison.ts';
import { collections } from './collections.ts';
import { conversion } from './conversion.ts';
import { dates } from './dates.ts';
import { decimals, integers, longs } from './numbers.ts';
import { objects } from './objects.ts';
import { text } from './text.ts';

export const ops: Record<string, NativeFunction> = {
  ...booleans,
  ...collections,
  ...comparison,
  ...conversion,
  ...dates,
  ...decimals,
  ...integers,
  ...longs,
  ...objects,
  ...text,
};
