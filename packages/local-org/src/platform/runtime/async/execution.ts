/** How a unit of asynchronous work gets its transaction: its own, or within that of a test. */
import type { OrgContext } from '../org-context.ts';
import type { TransactionStart } from '../transaction.ts';
import type { RuntimeView } from '../view.ts';

/** How a unit of asynchronous work gets its transaction: its own, or within that of a test. */
export interface Execution {
  org: OrgContext;
  /** Runs `body` in a unit of its own. What it wrote is kept when it returns and undone when it throws; the error goes on. */
  run<T>(start: TransactionStart, body: ($: RuntimeView) => T): T;
  /** What becomes of an error after it was recorded: swallowed and logged in an org, thrown on in a test. */
  failed(error: unknown, what: string): void;
}

/** Queueables and batch jobs may call out only when their class says so. */
export const calloutRefusal = ({ program }: OrgContext, className: string): string | null =>
  program.isSubtype(className, 'Database.AllowsCallouts')
    ? null
    : `Callout not allowed from this job: ${className} must implement Database.AllowsCallouts`;
