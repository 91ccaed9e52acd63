import { startSystem } from '../../src/flows/cases/told/system.ts';
import type { World } from './world.ts';

/** All parts on this machine, as `npm start` runs them. */
export const localWorld = async (timeoutMs: number): Promise<World> => {
  const system = await startSystem();
  return {
    admin: system.admin,
    external: { url: system.external.url, token: system.externalToken },
    local: system,
    timeoutMs,
    caseIds: new Set(),
    stop: () => system.stop(),
  };
};
