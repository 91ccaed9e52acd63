import { LocalSystem } from '../../src/story/system.ts';
import type { NamedChecks, Worlds } from './worlds.ts';

/** All parts on this machine, as `npm start` runs them. */
export const localWorlds = async (checked: readonly NamedChecks[], timeoutMs: number): Promise<Worlds> => {
  const system = await new LocalSystem(checked.map(({ checks }) => checks.flow())).start();
  return {
    of: (flow) => ({
      admin: system.admin,
      external: system.externalOf(flow),
      local: system,
      timeoutMs,
      madeIds: new Set(),
    }),
    stop: () => system.stop(),
  };
};
