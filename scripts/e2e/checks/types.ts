import type { World } from '../world.ts';

/** One thing that must hold. A check makes the Cases it needs and throws when it does not hold. */
export interface Check {
  name: string;
  /** Needs the clock or the faults of local parts. */
  localOnly?: boolean;
  run(world: World): Promise<void>;
}

/** A record of the external system, as far as the checks look at it. */
export interface ExternalRecord {
  externalId: string;
  key: string;
  salesforceCaseId: string | null;
  values: Record<string, unknown>;
  salesforceDeletion: unknown;
}
