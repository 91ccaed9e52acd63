import { HOSTILE_ORG, SAMPLE } from '../../../shared/sample.ts';

/** The org in which Concord is not alone: what its automation makes of values that people give. */
export const HOST = {
  /** Workflow rules, flows, a trigger, a second integration: see the README there. */
  packageDirectory: HOSTILE_ORG,

  /** The address as the org's rule spells it, whoever gave it. */
  spelt: (field: string, value: string | null): string | null =>
    field === SAMPLE.play.ownedInside && value !== null ? value.replaceAll('outside', 'Outside') : value,

  /** Whether the org's rule sets such a value back to the one before, when it comes. */
  setsBack: (field: string, value: string | null): boolean =>
    field === SAMPLE.play.ownedOutside && value !== null && value.includes('outside') && value.includes('4'),
};
