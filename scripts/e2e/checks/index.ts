import { bornOutside } from './born-outside.ts';
import { changedInside } from './changed-inside.ts';
import { changedOutside } from './changed-outside.ts';
import { created } from './created.ts';
import { deleted } from './deleted.ts';
import { equal } from './equal.ts';
import { forged } from './forged.ts';
import { intake } from './intake.ts';
import { refused } from './refused.ts';
import { repaired } from './repaired.ts';
import type { Check } from './types.ts';

/** Those of one list have Cases of their own and run side by side; the lists follow each other. The last compares what all have left behind. */
export const CHECKS: Check[][] = [
  [created, changedInside, changedOutside, bornOutside, intake, refused, forged, deleted],
  [repaired],
  [equal],
];
