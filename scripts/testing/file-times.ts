/** How long a test file took, from the start of its process. */
export interface FileTime {
  file: string;
  ms: number;
}

/**
 * Files that take far longer than the others, the longest first. They begin before them, so that none of them runs alone at
 * the end while the other cores rest. `npm test` ends with the slowest files: when one of them is missing here, add it.
 */
export const LONGEST = [
  'tests/pages/service-app.test.ts',
  'tests/flows/cases/hostile-org.test.ts',
  'tests/simulation/simulate.test.ts',
  'tests/simulation/crash-everywhere.test.ts',
  'tests/flows/greetings/simulated.test.ts',
  'tests/flows/usage/simulated.test.ts',
  'tests/e2e/bad-input.test.ts',
  'tests/scripts/fields/check-fields.test.ts',
  'packages/local-org/tests/runtime/endless-work.test.ts',
  'tests/simulation/mutations.test.ts',
  'tests/story/progress.test.ts',
  'packages/local-org/tests/cli/commands.test.ts',
];

const SHOWN = 10;

/** The files in the order in which they begin. */
export const longestFirst = (files: readonly string[]): string[] => {
  const place = (file: string): number => {
    const found = LONGEST.indexOf(file.replaceAll('\\', '/'));
    return found === -1 ? LONGEST.length : found;
  };
  return files.toSorted((a, b) => place(a) - place(b));
};

/** A table of the slowest ten, in seconds. */
export const slowestFiles = (times: readonly FileTime[]): string => {
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN);
  const lines = slowest.map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
  return ['The slowest test files:', ...lines].join('\n');
};
