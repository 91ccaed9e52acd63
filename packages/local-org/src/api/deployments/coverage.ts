/** What tests covered, as the Tooling and Metadata APIs tell it. */
import type { CoverageWarning } from '../../deploy/types.ts';
import type { ClassCoverage } from '../../types.ts';

const TYPES = { class: 'Class', trigger: 'Trigger' } as const;

/** A CodeCoverageResult for each class and trigger; `ids` by lower-cased name. */
export const codeCoverage = (coverage: readonly ClassCoverage[], ids: ReadonlyMap<string, string | null>) =>
  coverage.map(({ name, kind, covered, uncovered }) => ({
    id: ids.get(name.toLowerCase()) ?? '',
    locationsNotCovered: uncovered.map((line) => ({ column: 0, line, numExecutions: 0, time: -1 })),
    name,
    numLocations: covered.length + uncovered.length,
    numLocationsNotCovered: uncovered.length,
    type: TYPES[kind],
  }));

export const codeCoverageWarnings = (warnings: readonly CoverageWarning[], ids: ReadonlyMap<string, string | null>) =>
  warnings.map(({ name, message }) => ({
    id: ids.get(name?.toLowerCase() ?? '') ?? '',
    message,
    ...(name === null ? {} : { name }),
  }));
