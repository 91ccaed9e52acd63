import type { Flow } from '../types.ts';
import { usage } from './carried/flow.ts';
import { USAGE } from './carried/name.ts';

/** Usage of contracts, reported by a service application: docs/usage-protocol.md. */
export const usageFlow: Flow = {
  name: USAGE,
  carried: usage,
  compared: async () => (await import('./compared/entry.ts')).comparedEntry,
  told: async () => (await import('./told/chapter.ts')).toldUsage,
  simulated: async () => (await import('./simulated/index.ts')).simulatedUsage,
};
