import type { FileCoverage } from './coverage-table.ts';

/** The tracefile format that editors and coverage services read (man page of geninfo): source file, lines and counts, sums. */
export const lcovOf = (files: readonly FileCoverage[]): string =>
  files
    .map(({ path, lines }) => {
      const counts = [...lines].sort(([a], [b]) => a - b);
      const hit = counts.filter(([, count]) => count > 0).length;
      return [
        'TN:',
        `SF:${path}`,
        ...counts.map(([line, count]) => `DA:${line},${count}`),
        `LF:${counts.length}`,
        `LH:${hit}`,
        'end_of_record\n',
      ].join('\n');
    })
    .join('');
