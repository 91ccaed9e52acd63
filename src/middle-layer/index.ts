import { fileURLToPath } from 'node:url';
import type { Clock } from 'kernel/clock.ts';
import type { Handler, Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import { migrate, type KnownMigrations, type SchemaIsNewer } from '../shared/sql/migrate.ts';
import { guardSchema } from '../shared/sql/schema-guard.ts';
import type { Database } from '../shared/sql/types.ts';
import type { SalesforceAuth } from '../shared/salesforce/login.ts';
import { IntegrationClient } from './clients/salesforce/integration-client.ts';
import { routes } from './routes.ts';
import { Service, type Idle } from './service.ts';
import { ensureFlow } from './db/flow-state.ts';
import type { CarriedFlow, ExternalAddress, FlowParts } from './flow.ts';
import { DEFAULT_SETTINGS, settingsFor, type Settings } from './settings.ts';
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
  /** A folder of migrations of the queue that come after this program's: for trials of an upgrade. */
  laterMigrations?: string;
}

export interface MiddleLayerOptions extends CoreOptions {
  /** Reaches both sides. */
  transport: Transport;
  salesforce: { instanceUrl: string; auth: SalesforceAuth };
  /** Carries the long polls of Salesforce's event stream: its timeout must be above 110 s. Absent: the middle layer only polls. */
  streamTransport?: Transport;
  flows: readonly CarriedFlow[];
  /** Where the external system of each flow is. */
  external: Readonly<Record<string, ExternalAddress>>;
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
  /** Resolves when a newer program has migrated the database, and this one has to end. */
  outdated: Promise<SchemaIsNewer>;
}

/** Applies the migrations and puts the flows together. */
export const assemble = async (options: CoreOptions, flows: readonly FlowParts[]): Promise<MiddleLayer> => {
  const { clock, random, log = () => {}, worker = 'middle-layer' } = options;
  const known = await prepareDatabase(options.db, flows, options.laterMigrations);
  const { db, check, outdated } = guardSchema(options.db, known, (migrations) =>
    log('warn', 'works beside a newer program', { migrations, remedy: 'upgrade this worker, too' }),
  );
  const context: Context = { db, clock, random, log, worker, settings: settingsOf(options) };
  const service = new Service(context, flows, check);
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    handle: routes(context, service),
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
    wake: () => service.wake(),
    outdated,
  };
};

const settingsOf = ({ settings }: CoreOptions): Settings => ({ ...DEFAULT_SETTINGS, ...settings });

/** The tables of the queue, and then those of each flow. Returns what this program has. */
export const prepareDatabase = async (
  db: Database,
  flows: readonly Pick<FlowParts, 'name' | 'migrations'>[],
  later?: string,
): Promise<KnownMigrations[]> => {
  const known = [await migrate(db, MIGRATIONS, 'middle-layer', later)];
  for (const { name, migrations } of flows) {
    if (migrations) known.push(await migrate(db, migrations, `flow ${name}`));
    await ensureFlow(db, name);
  }
  return known;
};

/** The service between Salesforce and the external systems: it carries everything and loses nothing. */
export const createMiddleLayer = (options: MiddleLayerOptions): Promise<MiddleLayer> => {
  const { transport, streamTransport, clock, random, log = () => {}, external } = options;
  const partsOf = ({ name, over }: CarriedFlow): FlowParts => {
    const address = external[name];
    if (!address) throw new Error(`the flow ${name} has no address of its external system`);
    return over({
      // a session of its own: its API calls are counted for the flow
      rest: new IntegrationClient({ ...options.salesforce, transport, clock }),
      transport,
      ...(streamTransport ? { streamTransport } : {}),
      external: address,
      clock,
      random,
      log,
      settings: settingsFor(settingsOf(options), name),
    });
  };
  return assemble(options, options.flows.map(partsOf));
};
