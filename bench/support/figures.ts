/** How figures are summed up and written. */

/** The value below which `share` of the sorted numbers lie. */
export const quantile = (numbers: readonly number[], share: number): number => {
  if (numbers.length === 0) throw new RangeError('a quantile of no numbers is asked for');
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
};

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

export const sizeOf = (bytes: number): string =>
  bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes > 1e3 ? `${(bytes / 1e3).toFixed(1)} kB` : `${bytes} B`;

export const secondsOf = (ms: number): string => (ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/** `87x`; small ones keep a digit. */
export const timesOf = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 1 : 0)}x`;

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Rows under a header, columns as wide as their widest cell. */
export const printTable = (header: string[], rows: string[][]): void => {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  for (const row of all)
    print(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}`,
    );
};
