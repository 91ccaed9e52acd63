/** How long do all parts take to start, and how much memory do they use? */
import { readFileSync } from 'node:fs';
import { print, secondsOf } from './support/figures.ts';
import type { BenchSystem } from './support/system.ts';

const megabytes = (kilobytes: number): string => `${(kilobytes / 1024).toFixed(0)} MB`;

/** Resident memory of this process and its children from the kernel; null where there is no /proc. */
const memory = (): string | null => {
  try {
    const rss = (pid: string): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(/\s+/);
    return [
      `this process with the org ${megabytes(rss('self'))}`,
      ...children.filter(Boolean).map((pid) => `another part ${megabytes(rss(pid))}`),
    ].join(', ');
  } catch {
    return null;
  }
};

export const benchFootprint = async (_quick: boolean, { startUpMs }: BenchSystem): Promise<void> => {
  print(`footprint: start-up of all parts ${secondsOf(startUpMs)}; memory ${memory() ?? 'not known here'}`);
};
