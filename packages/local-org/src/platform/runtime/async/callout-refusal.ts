import type { OrgContext } from '../org-context.ts';

/** Queueables and batch jobs may call out only when their class says so. */
export const calloutRefusal = ({ program }: OrgContext, className: string): string | null =>
  program.isSubtype(className, 'Database.AllowsCallouts')
    ? null
    : `Callout not allowed from this job: ${className} must implement Database.AllowsCallouts`;
