/** What a comparison of both sides found, against what a simulation planted. */
import type { ReconciliationReport } from '../reconciliation/report.ts';

/** Kinds of discrepancy by their keys. */
export const findings = <Kind extends string>({ discrepancies }: ReconciliationReport): Map<string, Kind> =>
  new Map(discrepancies.map(({ key, kind }) => [key, kind as Kind]));

/** What was planted and not found, and what was found and not planted, a line each. `what`: when. */
export const differences = (
  what: string,
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string[] => [
  ...[...expected]
    .filter(([key, kind]) => found.get(key) !== kind)
    .map(([key, kind]) => `${what}: ${kind} of ${key} was planted, ${found.get(key) ?? 'nothing'} was found`),
  ...[...found].filter(([key]) => !expected.has(key)).map(([key, kind]) => `${what}: ${kind} of ${key} was invented`),
];
