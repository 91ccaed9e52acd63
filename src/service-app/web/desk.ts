import type { Context } from '../context.ts';
import type { Contracts } from '../contracts.ts';

/** What the pages are made of. */
export interface Desk {
  context: Context;
  contracts: Contracts;
  /** A report was queued. */
  onQueued: () => void;
}
