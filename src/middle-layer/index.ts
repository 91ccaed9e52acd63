import { fileURLToPath } from 'node:url';
import type { Clock } from 'kernel/clock.ts';
import type { Handler, Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import { migrate } from '../shared/sql/migrate.ts';
import type { Database } from '../shared/sql/types.ts';
import { httpExternal, type ExternalAddress } from './clients/external/http.ts';
import type { SalesforceAuth } from './clients/salesforce/auth.ts';
import { httpSalesforce } from './clients/salesforce/http.ts';
import { SalesforceRest } from './clients/salesforce/rest.ts';
import { runStream, SYNC_REQUESTED } from './clients/salesforce/stream.ts';
import { routes } from './routes.ts';
import { Service, type Idle, type Ports } from './service.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import type { Context, Log } from './types.ts';

const MIGRATIONS = fileURLToPath(new URL('db/migrations', import.meta.url));

export interface CoreOptions {
  db: Database;
  clock: Clock;
  random: Random;
  settings?: Partial<Settings>;
  log?: Log;
  /** Name of this worker among those that share the database; the same after a restart. */
  worker?: string;
}

export interface MiddleLayerOptions extends CoreOptions {
  /** Reaches both sides. */
  transport: Transport;
  salesforce: { instanceUrl: string; auth: SalesforceAuth };
  /** Carries the long polls of Salesforce's event stream: its timeout must be above 110 s. Absent: the middle layer only polls. */
  streamTransport?: Transport;
  external: ExternalAddress;
}

export interface MiddleLayer {
  /** The HTTP API. */
  handle: Handler;
  /** One round of all that is due; true when anything was done. For simulations: errors escape, as a crash would. */
  step(): Promise<boolean>;
  /** Listens to Salesforce's events until the signal is aborted, beside `step`. For simulations. */
  listen(signal: AbortSignal): Promise<void>;
  /** Works on its own until the signal is aborted or `stop` is called. */
  start(signal?: AbortSignal): void;
  /** Lets what is under way finish, and ends. */
  stop(): Promise<void>;
  idle(): Promise<Idle>;
  /** Asks for a sweep soon. */
  wake(): Promise<void>;
}

/** Applies the migrations and puts the parts together over the given ports. */
export const assemble = async (options: CoreOptions, portsOf: (context: Context) => Ports): Promise<MiddleLayer> => {
  const { db, clock, random, log = () => {}, worker = 'middle-layer' } = options;
  const context: Context = { db, clock, random, log, worker, settings: { ...DEFAULT_SETTINGS, ...options.settings } };
  await migrate(db, MIGRATIONS, 'middle-layer');
  const ports = portsOf(context);
  const service = new Service(context, ports);
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    handle: routes(context, ports, service),
    step: () => service.step(),
    listen: (signal) => service.listen(signal),
    start: (signal) => {
      const either = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;
      running = service.run(either);
    },
    stop: async () => {
      stopping.abort(new Error('the middle layer stops'));
      await running;
    },
    idle: () => service.idle(),
    wake: () => service.wakeSweep(),
  };
};

/** The service between Salesforce and the external system: it carries everything and loses nothing. */
export const createMiddleLayer = (options: MiddleLayerOptions): Promise<MiddleLayer> =>
  assemble(options, ({ clock, random, log, settings }) => {
    const rest = new SalesforceRest({ ...options.salesforce, transport: options.transport, clock });
    const { streamTransport } = options;
    const ports: Ports = {
      salesforce: httpSalesforce(rest, clock, log),
      external: httpExternal(options.external, options.transport, clock),
    };
    if (!streamTransport) return ports;
    const channel = SYNC_REQUESTED;
    ports.stream = (events, signal) =>
      runStream(
        {
          rest,
          transport: streamTransport,
          channel,
          lastReplayId: () => events.lastReplayId(channel),
          onEvents: (replayId) => events.arrived(channel, replayId),
          clock,
          random,
          backoff: settings.outage,
          log,
        },
        signal,
      );
    return ports;
  });
