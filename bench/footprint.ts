/** How long do all parts take to start, and how much memory do they use? */
import { print, secondsOf, sizeOf } from './support/figures.ts';
import { childrenOfThis, memoryOf } from './support/processes.ts';
import type { BenchSystem } from './support/system.ts';

/** Resident memory of this process and its children; null where the kernel does not tell. */
const memory = (): string | null => {
  const own = memoryOf('self');
  if (own === 0) return null;
  const others = childrenOfThis().map(({ pid }) => `another part ${sizeOf(memoryOf(pid))}`);
  return [`this process with the org ${sizeOf(own)}`, ...others].join(', ');
};

export const benchFootprint = async (_quick: boolean, { startUpMs }: BenchSystem): Promise<void> => {
  print(`footprint: start-up of all parts ${secondsOf(startUpMs)}; memory ${memory() ?? 'not known here'}`);
};
