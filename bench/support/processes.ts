import { readFileSync } from 'node:fs';

/** Resident memory in bytes of a process, from the kernel; 0 when it is gone. `pid`: a number or `self`. */
export const memoryOf = (pid: string): number => {
  try {
    return 1_024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** The children of this process: id, and the command line that started each. Empty where there is no /proc. */
export const childrenOfThis = (): { pid: string; command: string }[] => {
  try {
    const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean);
    return pids.map((pid) => ({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }));
  } catch {
    return [];
  }
};
