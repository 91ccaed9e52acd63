/** The flows of Concord. To add one: a folder beside this file, and a line here. */
import { casesFlow } from './cases/index.ts';
import type { Flow } from './types.ts';

export const flows: readonly Flow[] = [casesFlow];
