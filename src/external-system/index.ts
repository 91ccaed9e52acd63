import { fileURLToPath } from 'node:url';
import { hasBearer } from 'kernel/bearer.ts';
import type { Clock } from 'kernel/clock.ts';
import {
  isAnswer,
  json,
  type Admission,
  type Handler,
  type HttpResponse,
  type RequestHead,
  type Transport,
} from 'kernel/http.ts';
import type { BatchReceiver } from '../shared/batches.ts';
import { runLoop, Waker } from '../shared/loop.ts';
import type { Random } from 'kernel/random.ts';
import { router, type Routes } from '../shared/router.ts';
import { countedText } from '../shared/sql/count-along.ts';
import { askedInTime } from '../shared/sql/in-time.ts';
import { migrate, type SchemaIsNewer } from '../shared/sql/migrate.ts';
import { besideLine, guardSchema, SCHEMA_CHECK_MS } from '../shared/sql/schema-guard.ts';
import type { Database } from '../shared/sql/types.ts';
import type { Context } from './context.ts';
import { recordsBehind } from './db/records.ts';
import { deleteOutdated } from './db/retention.ts';
import { Faults } from './faults/faults.ts';
import { rejectedMessages, type Rejected } from './db/outbox.ts';
import { publishOutbox } from './outbox/publish.ts';
import { retriggerUnsettled } from './pollers/retrigger.ts';
import { caseRoutes } from './routes/cases.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { comparedRoutes } from './routes/digest.ts';
import { messageRoutes } from './routes/messages.ts';
import { repairRoutes } from './routes/repair.ts';
import { requestRoutes } from './routes/requests.ts';
import { fieldRules, type RulesFile } from './rules/field-rules.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';

export interface ExternalSystemOptions {
  db: Database;
  clock: Clock;
  random: Random;
  transport: Transport;
  /** Where the middle layer takes in messages, and the secret that it knows the registry by. */
  middleLayer: BatchReceiver;
  /** The secret that callers of the registry must present. */
  token: string;
  settings?: Partial<Settings>;
  /** Rules of fields besides the standard ones. */
  rules?: RulesFile[];
  faults?: Faults;
  onError?: (error: unknown) => void;
}

export interface ExternalSystem {
  handle: Handler;
  faults: Faults;
  /** Sends what is due once; returns how many messages it took on. */
  publish(): Promise<number>;
  /** Triggers unsettled records again once; returns how many. */
  poll(): Promise<number>;
  /** Enforces retention once: how many rows of each kind were deleted. */
  tidy(): Promise<Record<string, number>>;
  /** Runs outbox, pollers and retention until the signal aborts, and looks whether a newer program has migrated the database. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when a newer program has migrated the database, and this one has to end. */
  outdated: Promise<SchemaIsNewer>;
}

const MIGRATIONS = fileURLToPath(new URL('db/migrations', import.meta.url));

/** The first of so many records, for people. */
const named = (keys: readonly string[], count: number): string => keys.join(', ') + (count > keys.length ? ', …' : '');

/** For people: what the middle layer will never take, and what to do. */
const rejectedLine = ({ count, keys }: Rejected): string =>
  `the middle layer refused ${countedText(count)} messages for good (of ${named(keys, count)}); why is in the column error of the table outbox. A newer message of the record replaces them: correct the record, or prove with npm run reconcile that both sides agree, and delete the rows`;

/** For people: that a backup was put back here, which records it lost something of, and what to do. */
const restoredLine = ({ count, first }: { count: number; first: string[] }): string =>
  `this registry was put back to an earlier state: ${countedText(count)} records (${named(first, count)}) miss what Salesforce has seen, and ask for it by themselves; what stays behind is found with npm run reconcile`;

const healthRoutes = (db: Database): Routes => ({
  'GET /health': () => json(200, { status: 'up' }),
  'GET /ready': async () => {
    const asked = await askedInTime(db, () => Promise.all([recordsBehind(db), rejectedMessages(db)]));
    if (asked.problem !== null) return json(503, { status: 'not ready', problems: [asked.problem] });
    const [behind, rejected] = asked.answer;
    const attention = [
      ...(behind.count === 0 ? [] : [restoredLine(behind)]),
      ...(rejected.count === 0 ? [] : [rejectedLine(rejected)]),
    ];
    return json(200, { status: 'ready', attention });
  },
});

/** An embedded database gives back the room of what was deleted once a day. */
const VACUUM_EVERY_MS = 86_400_000;

const UNAVAILABLE = json(503, { errorCode: 'UNAVAILABLE', message: 'the registry is down; try again later' });

/** The routes behind their door: the secret, and the faults that strike whole requests. */
const guarded = (
  { clock, token }: ExternalSystemOptions,
  faults: Faults,
  routes: Handler,
  onChange: () => void,
): Handler => {
  const admit = (head: RequestHead): HttpResponse | Admission => {
    if (isDown(clock, faults)) return UNAVAILABLE;
    const open = head.url === '/health' || head.url === '/ready';
    if (!open && !hasBearer(head, token))
      return json(401, { errorCode: 'UNAUTHORIZED', message: 'present the shared secret as bearer token' });
    return routes.door!.admit(head);
  };
  const handler: Handler = async (request) => {
    const verdict = admit(request);
    if (isAnswer(verdict)) return verdict;
    if (faults.plan.latencyMs > 0) await clock.sleep(faults.plan.latencyMs);
    const faulty = request.url.startsWith('/v1/messages');
    if (faulty && faults.chance(faults.plan.refuse)) {
      faults.count('refuse');
      return UNAVAILABLE;
    }
    const response = await routes(request);
    if (request.method !== 'GET') onChange();
    if (faulty && faults.chance(faults.plan.timeoutAfterCommit)) {
      faults.count('timeoutAfterCommit');
      return json(504, { errorCode: 'TIMEOUT', message: 'no answer in time' });
    }
    return response;
  };
  handler.door = { admit };
  return handler;
};

const isDown = (clock: Clock, faults: Faults): boolean => clock.now() < faults.downUntil;

/** Opens the case registry over its database: the source of truth for Cases, as a handler and two background loops. */
export const createExternalSystem = async (options: ExternalSystemOptions): Promise<ExternalSystem> => {
  const { clock, transport, middleLayer, faults = new Faults(), onError = () => {} } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const context: Context = { clock, random: options.random, settings, fields: fieldRules(...(options.rules ?? [])) };
  const known = await migrate(options.db, MIGRATIONS, 'external-system');
  const { db, check, outdated } = guardSchema(options.db, [known], (migrations) =>
    onError(new Error(besideLine(migrations))),
  );

  const waker = new Waker();
  const routes = router({
    ...caseRoutes(context, db),
    ...requestRoutes(context, db),
    ...comparedRoutes(db),
    ...repairRoutes(context, db),
    ...erasureRoutes(context, db),
    ...messageRoutes(context, db, faults, onError),
    ...healthRoutes(db),
  });
  const publish = async (): Promise<number> =>
    isDown(clock, faults) ? 0 : publishOutbox(context, db, transport, middleLayer, faults);
  const poll = async (): Promise<number> => {
    const triggered = isDown(clock, faults) ? 0 : await retriggerUnsettled(context, db);
    if (triggered > 0) waker.wake();
    return triggered;
  };
  let vacuumAt = clock.now() + VACUUM_EVERY_MS;
  const tidy = async (): Promise<Record<string, number>> => {
    const before = (ms: number): Date => new Date(clock.now() - ms);
    const { sentMs, historyMs } = settings.retention;
    const deleted = await deleteOutdated(db, { sent: before(sentMs), history: before(historyMs) });
    if (db.vacuum && clock.now() >= vacuumAt) {
      vacuumAt = clock.now() + VACUUM_EVERY_MS;
      await db.vacuum();
    }
    return deleted;
  };
  // done once a turn, however much it deleted
  const tidyOnce = async (): Promise<number> => {
    await tidy();
    return 0;
  };
  const loop = (work: () => Promise<number>, pauseMs: number, ownWaker: Waker, signal: AbortSignal): Promise<void> =>
    runLoop(
      {
        clock,
        pass: async () => (await work()) > 0,
        idleMs: async () => pauseMs,
        waker: ownWaker,
        onError,
        errorPauseMs: pauseMs,
      },
      signal,
    );

  return {
    // what a request has put into the outbox leaves at once
    handle: guarded(options, faults, routes, () => waker.wake()),
    faults,
    publish,
    poll,
    tidy,
    outdated,
    run: async (signal) => {
      await Promise.all([
        loop(publish, settings.outboxIntervalMs, waker, signal),
        loop(poll, settings.pollIntervalMs, new Waker(), signal),
        loop(tidyOnce, settings.maintenanceIntervalMs, new Waker(), signal),
        loop(() => check().then(() => 0), SCHEMA_CHECK_MS, new Waker(), signal),
      ]);
    },
  };
};
