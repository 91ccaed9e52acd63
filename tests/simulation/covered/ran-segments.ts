import type { Profiler } from 'node:inspector/promises';

/** What ran of a text: indices of code units, from a start up to an end, one pair after the other. */
export type Segments = number[];

/** Where counts begin and end to hold, in the order in which an inner range overrules the one around it. */
const rangesOf = (functions: readonly Profiler.FunctionCoverage[]): Profiler.CoverageRange[] =>
  functions
    .flatMap(({ ranges }) => ranges)
    .toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);

/**
 * What ran of one script, as V8's precise coverage by blocks counts it: at each place the innermost range decides. V8
 * leaves out functions that did not run in others that did not run either; where no range is, nothing ran.
 */
export const ranSegments = (functions: readonly Profiler.FunctionCoverage[]): Segments => {
  const ranges = rangesOf(functions);
  const bounds = [...new Set(ranges.flatMap(({ startOffset, endOffset }) => [startOffset, endOffset]))].sort(
    (a, b) => a - b,
  );
  const segments: Segments = [];
  const open: Profiler.CoverageRange[] = [];
  let next = 0;
  for (const [index, from] of bounds.slice(0, -1).entries()) {
    while (next < ranges.length && ranges[next]!.startOffset <= from) open.push(ranges[next++]!);
    while (open.length > 0 && open.at(-1)!.endOffset <= from) open.pop();
    if ((open.at(-1)?.count ?? 0) === 0) continue;
    const to = bounds[index + 1]!;
    if (segments.at(-1) === from) segments[segments.length - 1] = to;
    else segments.push(from, to);
  }
  return segments;
};

/** Whether the place at this index ran. */
export const ranAt = (segments: Segments, at: number): boolean => {
  for (let index = 0; index < segments.length; index += 2)
    if (segments[index]! <= at && at < segments[index + 1]!) return true;
  return false;
};
