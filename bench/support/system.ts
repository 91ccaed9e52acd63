import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';

export const POLL_MS = DEFAULT_SETTINGS.pollIntervalMs;

export interface BenchSystem extends System {
  /** How long all parts took to start. */
  startUpMs: number;
}

/** Longer than any bench. */
const NEVER_MS = 24 * 3_600_000;

/**
 * All parts with their defaults, except one: the middle layer sweeps only when an event asks for it. Its polls come
 * with time, changes or not, so how many fall into a bench would depend on the machine; they are told apart.
 */
export const startBenchSystem = async (): Promise<BenchSystem> => {
  // the parts' processes inherit the environment
  process.env.MIDDLE_LAYER_SETTINGS = JSON.stringify({ pollIntervalMs: NEVER_MS });
  const began = performance.now();
  const system = await startSystem();
  return Object.assign(system, { startUpMs: performance.now() - began });
};
