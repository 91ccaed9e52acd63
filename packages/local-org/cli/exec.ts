import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Org } from '../src/types.ts';

export interface Output {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** Runs a file of anonymous Apex: its log goes out, what went wrong with its place to the error stream. Answers the exit code. */
export const execFile = async (
  org: Pick<Org, 'executeAnonymous'>,
  file: string,
  { out, err }: Output,
): Promise<number> => {
  const result = org.executeAnonymous(await readFile(file, 'utf8'));
  if (result.log) out(result.log.endsWith('\n') ? result.log : `${result.log}\n`);
  if (result.success) return 0;
  if (!result.compiled) {
    err(`${basename(file)}:${result.line}:${result.column}: ${result.compileProblem}\n`);
  } else {
    const place = result.line > 0 ? `${basename(file)}:${result.line}:${result.column}: ` : '';
    err(`${place}${result.exceptionMessage}\n${result.exceptionStackTrace ?? ''}\n`);
  }
  return 1;
};
