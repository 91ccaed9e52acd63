import { openBenchOrg, type BenchOrg } from './org.ts';
import { openBenchRegistry, type BenchRegistry } from './registry.ts';

/** An org and a registry in this process, to be compared: nothing runs between them. */
export interface Parts {
  /** Activated, without Cases. */
  org: BenchOrg;
  registry: BenchRegistry;
}

export const openParts = async (): Promise<Parts> => ({ org: openBenchOrg(), registry: await openBenchRegistry() });

export const closeParts = async ({ org, registry }: Parts): Promise<void> => {
  org.org.close();
  await registry.db.close();
};
