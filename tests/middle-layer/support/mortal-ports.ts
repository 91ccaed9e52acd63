import type { Ports } from '../../../src/flows/cases/carried/flow.ts';
import { mortalPort, type Life } from '../../../src/simulation/life.ts';

/** Both sides as a process reaches them that may end at any call, before or after it took effect. */
export const mortalPorts =
  (life: Life) =>
  ({ salesforce, external }: Ports): Ports => ({
    salesforce: mortalPort(salesforce, life, ['takeCallCount']),
    external: mortalPort(external, life),
  });
