/** How often tests ran each line of a file: line number (from 1) to count. Lines without code have no entry. */
export interface FileCoverage {
  /** Relative to the repository's root. */
  path: string;
  lines: Map<number, number>;
}

export interface CoverageRow {
  name: string;
  covered: number;
  all: number;
}

/** As deep as a folder has one reason to exist: `src/middle-layer/queue`. */
const DEPTH = 3;

/** Sums of files by folder, in the order of their names. */
export const folderRows = (files: readonly CoverageRow[]): CoverageRow[] => {
  const folders = new Map<string, CoverageRow>();
  for (const { name, covered, all } of files) {
    const folder = name.split('/').slice(0, -1).slice(0, DEPTH).join('/');
    const sum = folders.get(folder) ?? { name: folder, covered: 0, all: 0 };
    folders.set(folder, { name: folder, covered: sum.covered + covered, all: sum.all + all });
  }
  return [...folders.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};
