import { readFileSync } from 'node:fs';

const figureOf = (pid: string, figure: RegExp): number => {
  try {
    return 1_024 * Number(figure.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** Resident memory in bytes of a process, from the kernel; 0 when it is gone. `pid`: a number or `self`. */
export const memoryOf = (pid: string): number => figureOf(pid, /VmRSS:\s+(\d+)/);

/** The most that it ever was since the process began its program. */
export const peakMemoryOf = (pid: string): number => figureOf(pid, /VmHWM:\s+(\d+)/);

/** The children of this process: id, and the command line that started each. Empty where there is no /proc. */
export const childrenOfThis = (): { pid: string; command: string }[] => {
  try {
    const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean);
    return pids.map((pid) => ({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }));
  } catch {
    return [];
  }
};
