import type { CheckedFlow, World } from '../../src/story/checks.ts';

/** The checks of a flow, and its name. */
export interface NamedChecks {
  name: string;
  checks: CheckedFlow;
}

/** What is running for the checks. */
export interface Worlds {
  /** What the checks of a flow work with. */
  of(flow: string): World;
  stop(): Promise<void>;
}
