import type { ComparedObject } from '../compared-object.ts';
import type { Cause, Compared } from '../types.ts';
import type { AuditTrail, Trail } from './types.ts';

/** How far causes could be read. */
export interface TrailReading {
  /** Discrepancies whose trail was read. */
  read: number;
  /** Why the others' was not, or null. */
  problem: string | null;
}

/** Ten calls: with more discrepancies than this, each one's history is not what to look into. */
const MAX_KEYS = 2_000;

export const usualCause = ({ kinds }: Pick<ComparedObject, 'kinds'>, kind: string): Cause => ({
  cause: kinds[kind]!.cause,
  causeFrom: 'kind',
});

/** Replaces the usual causes of confirmed discrepancies by what the audit trail tells of each. A trail that cannot be read changes nothing. */
export const tellCauses = async (
  object: Pick<ComparedObject, 'explain' | 'trailKey'>,
  trail: AuditTrail,
  found: (Compared & { discrepancy: Cause })[],
): Promise<TrailReading> => {
  const asked = found.slice(0, MAX_KEYS);
  const keyOf = ({ discrepancy: { key } }: Compared): string => object.trailKey?.(key) ?? key;
  let trails: Map<string, Trail>;
  try {
    trails = await trail.read([...new Set(asked.map(keyOf))]);
  } catch (error) {
    return { read: 0, problem: (error as Error).message };
  }
  for (const compared of asked) {
    const read = trails.get(keyOf(compared));
    const cause = read ? object.explain(compared, read) : null;
    if (cause !== null) Object.assign(compared.discrepancy, { cause, causeFrom: 'audit trail' } satisfies Cause);
  }
  const rest = found.length - asked.length;
  return {
    read: asked.length,
    problem: rest > 0 ? `the trails of ${rest} more were not read: ${MAX_KEYS} a run at most` : null,
  };
};
