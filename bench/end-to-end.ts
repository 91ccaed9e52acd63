/**
 * What does a Case cost on its way? Cases a second from the first save to the last `Success`, time from
 * save to `Success`, Salesforce API calls for 100 Cases against one call a step, start-up and memory.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareInput, seedRows } from '../scripts/seeding/seed.ts';
import { startSystem } from '../scripts/story/system.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CALLS_ONE_BY_ONE = 3; // read, apply, confirm

const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

/** Resident memory of this process and its children, in MB, from the kernel; null where there is no /proc. */
const memory = (): string | null => {
  try {
    const rss = (pid: string): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    return `this process with the org ${rss('self').toFixed(0)} MB, others ${children.map((pid) => `${rss(pid).toFixed(0)} MB`).join(', ')}`;
  } catch {
    return null;
  }
};

export const benchEndToEnd = async (quick: boolean): Promise<void> => {
  const copies = quick ? 1 : 5;
  const starting = performance.now();
  const system = await startSystem();
  const startUp = performance.now() - starting;
  try {
    const input = await prepareInput(`${ROOT}data/nyc311-100.csv`, `${ROOT}config/nyc311.json`);
    const rows = Array.from({ length: copies }, () => input.rows).flat();
    const before = await system.apiCalls();
    const began = performance.now();
    const { seeded } = await seedRows(system.admin, { ...input, rows });
    const saved = performance.now();
    const done = new Map<string, number>();
    while (done.size < seeded.length && performance.now() - saved < 120_000) {
      const { records } = await system.admin.query<{ Id: string }>(
        "SELECT Id FROM Case WHERE Sync_Status__c = 'Success'",
      );
      for (const { Id } of records) if (!done.has(Id)) done.set(Id, performance.now() - saved);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    if (done.size < seeded.length)
      throw new Error(`only ${done.size} of ${seeded.length} Cases reached Success in two minutes`);
    const times = [...done.values()].sort((a, b) => a - b);
    const calls = (await system.apiCalls()) - before;
    const per100 = (calls / seeded.length) * 100;
    process.stdout.write(
      [
        `end-to-end: ${seeded.length} Cases`,
        `  Cases a second, first save to last Success   ${(seeded.length / ((at(times, 1) + saved - began) / 1000)).toFixed(1)}`,
        `  save to Success                              p50 ${at(times, 0.5).toFixed(0)} ms, p99 ${at(times, 0.99).toFixed(0)} ms`,
        `  Salesforce API calls for 100 Cases           ${per100.toFixed(1)} (${((CALLS_ONE_BY_ONE * 100) / per100).toFixed(0)}x fewer than one by one)`,
        `  start-up of all parts                        ${(startUp / 1000).toFixed(1)} s`,
        `  memory                                       ${memory() ?? 'not known here'}`,
        '',
      ].join('\n'),
    );
  } finally {
    await system.stop();
  }
};
