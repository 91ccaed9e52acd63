/** The platform's enums that need nothing beyond their constants. */
import generated from './generated/enums.json' with { type: 'json' };
import type { StdFactory } from '../types.ts';
import { enumFactory } from './shared/enum.ts';

/** Keyed by lower-cased catalogue name. */
export const enums: Record<string, StdFactory> = Object.fromEntries(
  Object.entries(generated.enums).map(([name, values]) => [name.toLowerCase(), enumFactory(name, values.split(' '))]),
);
