/** The service application as a process, configured by environment: `--help` lists it. Prints one JSON line when it serves. */
import { pino } from 'pino';
import { ShiftableClock } from 'kernel/clock.ts';
import { exitUnusable, readArgsOrExit } from 'kernel/command-line.ts';
import { fetchTransport } from 'kernel/http.ts';
import { secureRandom } from 'kernel/random.ts';
import { openDatabase, startExitCode, WAIT_MS } from '../shared/sql/open.ts';
import { serveProcess } from '../shared/serve-process.ts';
import { withoutSecrets } from '../shared/without-secrets.ts';
import { controlHandler } from './control.ts';
import type { Person } from './db/people.ts';
import { createServiceApp } from './index.ts';
import { MIN_PASSWORD_LENGTH } from './passwords.ts';
import { salesforceContracts } from './salesforce/contracts.ts';
import type { Settings } from './settings.ts';

const USAGE = `npm run service-app

  The service application: the service team books ads in it, and it reports their use of contracts. Settings come from the environment:
  SERVICE_APP_TOKEN                          what the middle layer must present
  MIDDLE_LAYER_URL, MIDDLE_LAYER_TOKEN       where it reports ads, and what it presents there
  SALESFORCE_URL                             the org, read live
  SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET   an External Client App of its own integration user (permission set Concord_Usage_Application)
  DATABASE_URL, DATABASE_WAIT_MS             a PostgreSQL server, and for how long it is waited for at the start; or
  SERVICE_APP_DATA_DIR                       the folder of an embedded database; absent: in memory
  SERVICE_APP_PORT                           default: any that is free
  SERVICE_APP_SECURE                         "yes": people reach it over HTTPS, and browsers send its cookie over that alone
  SERVICE_APP_PEOPLE                         who may sign in: a JSON list of {"name", "role": "booker" | "supervisor", "password"}
  SERVICE_APP_CONTROL_PORT, SERVICE_APP_CONTROL_TOKEN   a port that moves the clock, for tests; absent: none
  SERVICE_APP_SETTINGS                       a JSON object: src/service-app/settings.ts
  CLOCK_OFFSET_MS                            for tests: milliseconds that the clock is ahead`;

/** How long Salesforce is waited for while a person waits for a page. */
const SALESFORCE_TIMEOUT_MS = 5_000;

readArgsOrExit({ options: {} }, USAGE);
const { env } = process;

const required = (name: string): string =>
  env[name] || exitUnusable(`service-app: ${name} is not set; set it and start again (--help lists the settings)`);

const parsedSetting = <T>(name: string, absent: T): T => {
  try {
    return env[name] ? (JSON.parse(env[name]) as T) : absent;
  } catch {
    return exitUnusable(`service-app: ${name} is not JSON; correct it and start again`);
  }
};

const token = required('SERVICE_APP_TOKEN');
const controlToken = env.SERVICE_APP_CONTROL_PORT ? required('SERVICE_APP_CONTROL_TOKEN') : null;
const middleLayer = { url: required('MIDDLE_LAYER_URL'), token: required('MIDDLE_LAYER_TOKEN') };
const salesforce = {
  url: required('SALESFORCE_URL'),
  clientId: required('SALESFORCE_CLIENT_ID'),
  clientSecret: required('SALESFORCE_CLIENT_SECRET'),
  timeoutMs: SALESFORCE_TIMEOUT_MS,
};
const people = parsedSetting<(Person & { password: string })[]>('SERVICE_APP_PEOPLE', []);
const short = people.find(({ password }) => typeof password !== 'string' || password.length < MIN_PASSWORD_LENGTH);
if (short)
  exitUnusable(`service-app: the password of ${short.name} must have at least ${MIN_PASSWORD_LENGTH} characters`);

const secrets = [token, controlToken, middleLayer.token, salesforce.clientSecret, env.DATABASE_URL];
const log = pino(
  { name: 'service-app' },
  withoutSecrets(pino.destination(2), [...secrets, ...people.map(({ password }) => password)]),
);
const onError = (error: unknown): void =>
  log.error({ event: 'error', message: error instanceof Error ? error.message : String(error) });
const clock = new ShiftableClock(Number(env.CLOCK_OFFSET_MS ?? 0));
// data holds what people wrote into ads: for nobody else's eyes
process.umask(0o077);

const failStart = (error: unknown): never => {
  process.stderr.write(`service-app: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(startExitCode(error));
};

const db = await openDatabase(
  {
    url: env.DATABASE_URL || null,
    dataDir: env.SERVICE_APP_DATA_DIR || null,
    waitMs: Number(env.DATABASE_WAIT_MS ?? WAIT_MS),
  },
  (level, event, detail) => log[level]({ event, ...detail }),
).catch(failStart);
const app = await createServiceApp({
  db,
  clock,
  random: secureRandom,
  transport: fetchTransport(),
  contracts: salesforceContracts(salesforce),
  middleLayer,
  token,
  secure: env.SERVICE_APP_SECURE === 'yes',
  settings: parsedSetting<Partial<Settings>>('SERVICE_APP_SETTINGS', {}),
  onError,
}).catch(failStart);
for (const { password, ...person } of people) await app.addPerson(person, password);

await serveProcess({
  api: { handler: app.handle, port: Number(env.SERVICE_APP_PORT ?? 0) },
  control: controlToken
    ? { handler: controlHandler(controlToken, clock, db), port: Number(env.SERVICE_APP_CONTROL_PORT) }
    : null,
  run: (signal) => app.run(signal),
  close: () => db.close(),
  outdated: app.outdated,
  onError,
});
