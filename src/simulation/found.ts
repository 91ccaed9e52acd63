/** What a comparison of both sides found, against what a simulation planted. */
import type { ReconciliationReport } from '../reconciliation/report.ts';
import type { Tools } from './flow.ts';

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

/** A run repairs what it finds; what that brings to light is for the next. */
const MAX_RUNS = 3;

/** Only the comparison can find what no message tells: it repairs until there is nothing to repair. `run`: one that repairs. */
export const untilMended = async (
  run: () => Promise<ReconciliationReport>,
  settle: Tools['settle'],
): Promise<string[]> => {
  for (let runs = 1; ; runs++) {
    const repairable = (await run()).discrepancies.filter(({ repair }) => repair !== null);
    if (repairable.length === 0) return [];
    if (runs === MAX_RUNS)
      return repairable.map(({ kind, key, detail, outcome }) => `still ${kind} of ${key}: ${detail}; ${outcome}`);
    const stuck = await settle();
    if (stuck.length > 0) return ['not at rest after the comparison of a restored side', ...stuck];
  }
};
