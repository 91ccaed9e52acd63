/**
 * The registry as a process. Configured by environment:
 * EXTERNAL_DATABASE_URL (a PostgreSQL server) or EXTERNAL_DATA_DIR (embedded; in memory when absent),
 * EXTERNAL_PORT, EXTERNAL_CONTROL_PORT (0 = any), EXTERNAL_TOKEN, MIDDLE_LAYER_URL, MIDDLE_LAYER_TOKEN,
 * CLOCK_OFFSET_MS, SEED, EXTERNAL_SETTINGS and EXTERNAL_FAULTS (JSON). Prints one JSON line when it serves.
 */
import { mkdir } from 'node:fs/promises';
import { pino } from 'pino';
import { ShiftableClock } from '../shared/clock.ts';
import { fetchTransport, serve } from '../shared/http.ts';
import { seededRandom, systemRandom } from '../shared/random.ts';
import { openPglite } from '../shared/sql/pglite.ts';
import { openPostgres } from '../shared/sql/postgres.ts';
import { controlHandler } from './control.ts';
import { Faults, NO_FAULTS, type FaultPlan } from './faults/faults.ts';
import { createExternalSystem } from './index.ts';
import type { Settings } from './settings.ts';

const { env } = process;

const required = (name: string): string => {
  const value = env[name];
  if (!value) {
    process.stderr.write(`external-system: ${name} is not set; set it and start again\n`);
    process.exit(2);
  }
  return value;
};

const jsonSetting = <T>(name: string): Partial<T> => (env[name] ? (JSON.parse(env[name]) as Partial<T>) : {});

const log = pino({ name: 'external-system' }, pino.destination(2));
const onError = (error: unknown): void =>
  log.error({ event: 'error', message: error instanceof Error ? error.message : String(error) });

const token = required('EXTERNAL_TOKEN');
const middleLayer = { url: required('MIDDLE_LAYER_URL'), token: required('MIDDLE_LAYER_TOKEN') };
const clock = new ShiftableClock(Number(env.CLOCK_OFFSET_MS ?? 0));
const faults = new Faults({ ...NO_FAULTS, ...jsonSetting<FaultPlan>('EXTERNAL_FAULTS') });
if (env.EXTERNAL_DATA_DIR) await mkdir(env.EXTERNAL_DATA_DIR, { recursive: true });
const db = env.EXTERNAL_DATABASE_URL
  ? openPostgres(env.EXTERNAL_DATABASE_URL)
  : await openPglite(env.EXTERNAL_DATA_DIR);
const system = await createExternalSystem({
  db,
  clock,
  // ids must differ after a restart, so a seed is only for runs that start from nothing
  random: env.SEED && !env.EXTERNAL_DATA_DIR ? seededRandom(Number(env.SEED)) : systemRandom,
  transport: fetchTransport(),
  middleLayer,
  token,
  settings: jsonSetting<Settings>('EXTERNAL_SETTINGS'),
  faults,
  onError,
});

const stop = new AbortController();
const api = await serve(system.handle, Number(env.EXTERNAL_PORT ?? 0), onError);
const control = await serve(controlHandler(clock, faults, db), Number(env.EXTERNAL_CONTROL_PORT ?? 0), onError);
const running = system.run(stop.signal);
process.stdout.write(`${JSON.stringify({ url: api.url, controlUrl: control.url })}\n`);

const shutDown = async (): Promise<void> => {
  stop.abort(new Error('shutting down'));
  await Promise.all([api.close(), control.close()]);
  await running;
  await db.close();
  process.exit(0);
};
process.on('SIGTERM', () => void shutDown());
process.on('SIGINT', () => void shutDown());
