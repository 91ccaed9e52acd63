/** A runtime for asking factories what they implement: a factory that uses it while it is called is at fault. */
import type { PlatformRuntime } from '../../services.ts';

export const bareRuntime = (): PlatformRuntime =>
  new Proxy({} as PlatformRuntime, {
    get: (_, name) => {
      throw new Error(`a standard type used $.${String(name)} before one of its members was called`);
    },
  });
