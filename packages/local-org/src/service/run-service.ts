/** An org with its servers and its clock, in whatever thread calls. */
import { ShiftableClock } from 'kernel/clock.ts';
import { serve, type Handler } from 'kernel/http.ts';
import { seededRandom, systemRandom } from 'kernel/random.ts';
import { createOrg } from '../index.ts';
import { controlHandler } from './control.ts';
import { startDueLoop } from './due-loop.ts';
import type { ServiceOptions, StartedService } from './options.ts';
import { scratchOrgStarter } from './scratch-orgs.ts';

export interface RunningService {
  started: StartedService;
  stop(): Promise<void>;
}

export const runService = async (
  options: ServiceOptions,
  log: (event: string, detail: Record<string, unknown>) => void,
): Promise<RunningService> => {
  const { port = 0, control, clockOffset, seed, devHub, ...orgOptions } = options;
  const clock = new ShiftableClock(clockOffset ?? 0);
  const org = createOrg({
    ...orgOptions,
    clock,
    random: seed === undefined ? systemRandom : seededRandom(seed),
    log,
    ...(devHub ? { devHub: { ...devHub, start: scratchOrgStarter(options, clock, log) } } : {}),
  });
  const failed = (error: unknown): void =>
    log('service.failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const loop = startDueLoop(org, clock, failed);
  const api: Handler = async (request) => {
    const response = org.handle(request);
    // The request's effects are there when the promise is; only a long poll's answer comes later.
    loop.wake();
    return response;
  };
  api.door = org.door;
  const server = await serve(api, { port, onError: failed });
  const controlServer = control
    ? await serve(controlHandler({ org, clock, wake: () => loop.wake() }, control.token), {
        port: control.port ?? 0,
        onError: failed,
      })
    : null;
  return {
    started: {
      instanceUrl: server.url,
      controlUrl: controlServer?.url ?? null,
      info: org.info,
      diagnostics: org.diagnostics
        .filter((diagnostic) => diagnostic.level === 'error')
        .map(({ path, line, column, message }) => ({ path, line, column, message })),
    },
    stop: async () => {
      await controlServer?.close();
      await server.close();
      await loop.stop();
      await org.endScratchOrgs();
      org.close();
    },
  };
};
