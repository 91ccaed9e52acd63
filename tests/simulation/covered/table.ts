import { readFileSync } from 'node:fs';
import { ROOT, protocolFiles } from '../protocol.ts';
import { codePlaces, type Place } from './code-places.ts';
import type { Coverage } from './cover.ts';
import { ranAt } from './ran-segments.ts';

/** How much of one file ran in any of the seeds. */
export interface FileShare {
  file: string;
  lines: number;
  linesRan: number;
  /** Of TypeScript: Salesforce counts lines only. */
  functions: number;
  functionsRan: number;
  /** Lines that never ran, `12 name` where they are of a function that never did. */
  never: string[];
}

const apexShare = (file: string, { executable, seeds }: Coverage): FileShare => {
  const all = executable[file] ?? [];
  const ran = new Set(seeds.flatMap(({ lines }) => lines[file] ?? []));
  const never = all.filter((line) => !ran.has(line)).map(String);
  return { file, lines: all.length, linesRan: all.length - never.length, functions: 0, functionsRan: 0, never };
};

const typescriptShare = (file: string, { seeds }: Coverage): FileShare => {
  const { lines, functions } = codePlaces(readFileSync(`${ROOT}${file}`, 'utf8'));
  const never = ({ at }: Place): boolean => !seeds.some(({ segments }) => ranAt(segments[file] ?? [], at));
  const lost = lines.filter(never);
  const lostFunctions = functions.filter(never);
  const names = new Map(lostFunctions.map(({ line, name }) => [line, name]));
  return {
    file,
    lines: lines.length,
    linesRan: lines.length - lost.length,
    functions: functions.length,
    functionsRan: functions.length - lostFunctions.length,
    never: [...new Set([...lost, ...lostFunctions].map(({ line }) => line))]
      .toSorted((a, b) => a - b)
      .map((line) => `${line}${names.get(line) ? ` ${names.get(line)}` : ''}`),
  };
};

/** How much of each file of the protocol ran, in the order of their names. */
export const shares = (coverage: Coverage, flow?: string): FileShare[] =>
  protocolFiles(flow).map((file) => (file.endsWith('.ts') ? typescriptShare : apexShare)(file, coverage));

const sum = (files: readonly FileShare[], of: (file: FileShare) => number): number =>
  files.reduce((total, file) => total + of(file), 0);

/** The share of lines that ran, of all files. */
export const lineShare = (files: readonly FileShare[]): number =>
  sum(files, ({ linesRan }) => linesRan) / sum(files, ({ lines }) => lines);

const percent = (ran: number, all: number): string => (all === 0 ? '' : `${((100 * ran) / all).toFixed(1)}%`);

/** What ran, a line for each file and one for all; and beneath a file what of it never ran. */
export const describeShares = (files: readonly FileShare[]): string => {
  const rows = files.flatMap(({ file, lines, linesRan, functions, functionsRan, never }) => [
    `${file}: ${percent(linesRan, lines)} of ${lines} lines${functions === 0 ? '' : `, ${percent(functionsRan, functions)} of ${functions} functions`}`,
    ...(never.length === 0 ? [] : [`    never: ${never.join(', ')}`]),
  ]);
  const [lines, functions] = [sum(files, (file) => file.lines), sum(files, (file) => file.functions)];
  const total = `the protocol: ${percent(
    sum(files, (file) => file.linesRan),
    lines,
  )} of ${lines} lines, ${percent(
    sum(files, (file) => file.functionsRan),
    functions,
  )} of ${functions} functions of TypeScript ran`;
  return [...rows, total].join('\n');
};
