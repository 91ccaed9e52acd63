/** The registry as a process, configured by environment: `--help` lists it. Prints one JSON line when it serves. */
import { pino } from 'pino';
import { ShiftableClock } from 'kernel/clock.ts';
import { readArgsOrExit } from 'kernel/command-line.ts';
import { fetchTransport } from 'kernel/http.ts';
import { seededRandom, systemRandom } from 'kernel/random.ts';
import { serveProcess } from '../shared/serve-process.ts';
import { withoutSecrets } from '../shared/without-secrets.ts';
import { openDatabase, startExitCode, WAIT_MS } from '../shared/sql/open.ts';
import { controlHandler } from './control.ts';
import { Faults, NO_FAULTS, type FaultPlan } from './faults/faults.ts';
import { createExternalSystem } from './index.ts';
import { readRules, type RulesFile } from './rules/field-rules.ts';
import type { Settings } from './settings.ts';

readArgsOrExit(
  { options: {} },
  `node src/external-system/main.ts

  The case registry: a mock external system. Settings come from the environment:
  EXTERNAL_TOKEN                             what callers must present
  MIDDLE_LAYER_URL, MIDDLE_LAYER_TOKEN       where it sends what it has to say, and what it presents there
  EXTERNAL_DATABASE_URL, DATABASE_WAIT_MS    a PostgreSQL server, and for how long it is waited for at the start; or
  EXTERNAL_DATA_DIR                          the folder of an embedded database; absent: in memory
  EXTERNAL_PORT                              default: any that is free
  EXTERNAL_CONTROL_PORT, EXTERNAL_CONTROL_TOKEN  a port that moves the clock and injects faults; absent: none
  EXTERNAL_RULES                             a file of rules for fields besides the standard ones
  EXTERNAL_SETTINGS, EXTERNAL_FAULTS         JSON objects: src/external-system/settings.ts, faults/faults.ts
  CLOCK_OFFSET_MS, SEED                      for tests: milliseconds the clock is ahead, the seed of its ids`,
);

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

const onError = (error: unknown): void =>
  log.error({ event: 'error', message: error instanceof Error ? error.message : String(error) });

const token = required('EXTERNAL_TOKEN');
const controlToken = env.EXTERNAL_CONTROL_PORT ? required('EXTERNAL_CONTROL_TOKEN') : null;
const middleLayer = { url: required('MIDDLE_LAYER_URL'), token: required('MIDDLE_LAYER_TOKEN') };
const log = pino(
  { name: 'external-system' },
  withoutSecrets(pino.destination(2), [token, controlToken, middleLayer.token, env.EXTERNAL_DATABASE_URL]),
);
const clock = new ShiftableClock(Number(env.CLOCK_OFFSET_MS ?? 0));
const faults = new Faults({ ...NO_FAULTS, ...jsonSetting<FaultPlan>('EXTERNAL_FAULTS') });
// data holds what people wrote into Cases: for nobody else's eyes
process.umask(0o077);

const failStart = (error: unknown): never => {
  process.stderr.write(`external-system: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(startExitCode(error));
};

const readGivenRules = (): RulesFile[] => {
  try {
    return env.EXTERNAL_RULES ? [readRules(env.EXTERNAL_RULES)] : [];
  } catch (error) {
    return failStart(error);
  }
};
const rules = readGivenRules();

const db = await openDatabase(
  {
    url: env.EXTERNAL_DATABASE_URL || null,
    dataDir: env.EXTERNAL_DATA_DIR || null,
    waitMs: Number(env.DATABASE_WAIT_MS ?? WAIT_MS),
  },
  (level, event, detail) => log[level]({ event, ...detail }),
).catch(failStart);
const system = await createExternalSystem({
  db,
  clock,
  // ids must differ after a restart, so a seed is only for runs that start from nothing
  random: env.SEED && !env.EXTERNAL_DATA_DIR ? seededRandom(Number(env.SEED)) : systemRandom,
  transport: fetchTransport(),
  middleLayer,
  token,
  settings: jsonSetting<Settings>('EXTERNAL_SETTINGS'),
  rules,
  faults,
  onError,
}).catch(failStart);

await serveProcess({
  api: { handler: system.handle, port: Number(env.EXTERNAL_PORT ?? 0) },
  control: controlToken
    ? { handler: controlHandler(controlToken, clock, faults, db), port: Number(env.EXTERNAL_CONTROL_PORT) }
    : null,
  run: (signal) => system.run(signal),
  close: () => db.close(),
  outdated: system.outdated,
  onError,
});
