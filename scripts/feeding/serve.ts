/** Feeds as a process that runs them by their schedules: see FEED_USAGE. */
import { pino } from 'pino';
import { serveProcess } from '../../src/shared/serve-process.ts';
import { withoutSecrets } from '../../src/shared/without-secrets.ts';
import { FeedService, type ServiceParts } from '../../src/feeds/service.ts';

/** Variables whose values no log shows. */
const SECRETS = ['SALESFORCE_CLIENT_SECRET', 'SALESFORCE_PRIVATE_KEY', 'SALESFORCE_ACCESS_TOKEN', 'FEEDS_DATABASE_URL'];

/** Serves until it is told to stop, then ends the process. `secrets`: what no log shows beside these. */
export const serveFeeds = async (
  parts: Omit<ServiceParts, 'onRun' | 'onError'>,
  { port, secrets }: { port: number; secrets: readonly (string | null)[] },
): Promise<never> => {
  const hidden = [...SECRETS.map((name) => process.env[name]), ...secrets];
  const log = pino({ name: 'feeds' }, withoutSecrets(pino.destination(2), hidden));
  const onError = (error: unknown): void =>
    log.error({ event: 'error', message: error instanceof Error ? error.message : String(error) });
  const service = new FeedService({
    ...parts,
    onError,
    onRun: ({ company, feed }, { run, status, counts, reasons, findings }) => {
      const isWell = status === 'succeeded' || status === 'busy';
      const why = [...reasons, ...findings.map(({ at, message, remedy }) => `${at}: ${message}; ${remedy}`)];
      log[isWell ? 'info' : 'warn']({ event: 'run', company, feed, run: run?.key ?? null, status, counts, why });
    },
  });
  await serveProcess({
    api: { handler: service.handler, port },
    control: null,
    run: (signal) => service.run(signal),
    close: () => parts.db.close(),
    onError,
  });
  // the process ends by a signal
  return new Promise<never>(() => {});
};
