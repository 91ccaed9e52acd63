import { fileURLToPath } from 'node:url';
import { hasBearer } from 'kernel/bearer.ts';
import type { Clock } from 'kernel/clock.ts';
import { json, type Handler, type RequestHead, type Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { BatchReceiver } from '../shared/batches.ts';
import { runLoop, Waker } from '../shared/loop.ts';
import { RequestError, router } from '../shared/router.ts';
import { askedInTime } from '../shared/sql/in-time.ts';
import { migrate, type SchemaIsNewer } from '../shared/sql/migrate.ts';
import { besideLine, guardSchema, SCHEMA_CHECK_MS } from '../shared/sql/schema-guard.ts';
import type { Database } from '../shared/sql/types.ts';
import type { Context } from './context.ts';
import { comparedRoutes } from './compared-routes.ts';
import type { Contracts } from './contracts.ts';
import { stampOlder } from './db/bookings.ts';
import { savePerson, type Person } from './db/people.ts';
import { queueState } from './db/reports.ts';
import { auditedSeals } from './invoices/audited-seals.ts';
import { messageRoutes } from './messages.ts';
import { secretOf } from './passwords.ts';
import { repairRoutes } from './repair-routes.ts';
import { reportAds } from './reporting.ts';
import { tellOwnSeals } from './seals.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { pageRoutes } from './web/routes.ts';
import { signingIn } from './web/signing-in.ts';

export interface ServiceAppOptions {
  db: Database;
  clock: Clock;
  random: Random;
  transport: Transport;
  /** Salesforce, read live. */
  contracts: Contracts;
  /** Where the middle layer takes ads in, and the secret that it knows this application by. */
  middleLayer: BatchReceiver;
  /** The secret that the middle layer must present. */
  token: string;
  /** Whether people reach it over HTTPS. */
  secure?: boolean;
  settings?: Partial<Settings>;
  onError?: (error: unknown) => void;
}

export interface ServiceApp {
  handle: Handler;
  /** What people do in it, without its pages. */
  context: Context;
  /** Reports what is due once, ads and seals; returns how many. */
  report(): Promise<number>;
  /** Adds somebody who may sign in. */
  addPerson(person: Person, password: string): Promise<void>;
  /** Reports until the signal aborts, and looks whether a newer program has migrated the database. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when a newer program has migrated the database, and this one has to end. */
  outdated: Promise<SchemaIsNewer>;
}

const MIGRATIONS = fileURLToPath(new URL('db/migrations', import.meta.url));

/** Opens the service application over its database: pages for the service team, and one process that reports ads. */
export const createServiceApp = async (options: ServiceAppOptions): Promise<ServiceApp> => {
  const { clock, random, transport, middleLayer, onError = () => {} } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const known = await migrate(options.db, MIGRATIONS, 'service-app');
  const { db, check, outdated } = guardSchema(options.db, [known], (migrations) =>
    onError(new Error(besideLine(migrations))),
  );
  const context: Context = { db, clock, random, settings, onError };
  await stampOlder(db);

  const waker = new Waker();
  const onQueued = (): void => waker.wake();
  const admit = (head: RequestHead): void => {
    if (!hasBearer(head, options.token))
      throw new RequestError(401, 'UNAUTHORIZED', 'present the shared secret as bearer token');
  };
  const report = async (): Promise<number> =>
    (await reportAds(context, transport, middleLayer)) + (await tellOwnSeals(context, transport, middleLayer));
  const sides = { contracts: options.contracts, audited: auditedSeals(transport, middleLayer) };
  const loop = (pass: () => Promise<boolean>, pauseMs: number, ownWaker: Waker, signal: AbortSignal): Promise<void> =>
    runLoop({ clock, pass, idleMs: async () => pauseMs, waker: ownWaker, onError, errorPauseMs: pauseMs }, signal);
  return {
    context,
    report,
    handle: router({
      ...pageRoutes(context, sides, signingIn(context, options.secure ?? false), onQueued),
      ...messageRoutes(context, admit, onQueued),
      ...comparedRoutes(context, sides.audited, admit),
      ...repairRoutes(context, admit, onQueued),
      'GET /health': () => json(200, { status: 'up' }),
      'GET /ready': async () => {
        const asked = await askedInTime(db, () => queueState(db));
        return asked.problem === null
          ? json(200, { status: 'ready', queue: asked.answer })
          : json(503, { status: 'not ready', problems: [asked.problem] });
      },
    }),
    addPerson: async (person, password) => {
      await savePerson(db, person, await secretOf(password));
    },
    outdated,
    run: async (signal) => {
      await Promise.all([
        loop(async () => (await report()) > 0, settings.reportIntervalMs, waker, signal),
        loop(() => check().then(() => false), SCHEMA_CHECK_MS, new Waker(), signal),
      ]);
    },
  };
};
