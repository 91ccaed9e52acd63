/** The process's configuration, from the environment; flags win over it. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import type { SalesforceAuth } from './clients/salesforce/auth.ts';
import { WAIT_MS } from '../shared/sql/open.ts';
import type { CarriedFlow, ExternalAddress } from './flow.ts';
import { DEFAULT_SETTINGS, type Callers, type Settings } from './settings.ts';
import type { LogLevel } from './types.ts';

export interface Config {
  host: string;
  port: number;
  /** Null: no control port. */
  controlPort: number | null;
  databaseUrl: string | null;
  /** How long a database server that is away at the start is waited for. */
  databaseWaitMs: number;
  /** Null: in memory. */
  dataDir: string | null;
  salesforce: { instanceUrl: string; auth: SalesforceAuth; stream: boolean };
  external: Record<string, ExternalAddress>;
  callers: Callers;
  settings: Partial<Settings>;
  worker: string;
  clockOffsetMs: number;
  logLevel: LogLevel;
  /** Null: standard error. */
  logFile: string | null;
}

/** What is wrong with the configuration, all of it at once. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export const HELP = `The middle layer of Concord. Settings come from the environment:
  SALESFORCE_URL                  the org, for example https://example.my.salesforce.com
  SALESFORCE_ACCESS_TOKEN         a session, for scratch and local orgs; or, to log in by JWT:
  SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY or SALESFORCE_PRIVATE_KEY_FILE (PEM), SALESFORCE_LOGIN_URL
  EXTERNAL_URL, EXTERNAL_TOKEN    the external system, and the token it asks for
  MIDDLE_LAYER_EXTERNAL_TOKEN     what the external system must present
  MIDDLE_LAYER_OPERATOR_TOKEN     what people and scripts must present
  MIDDLE_LAYER_INTAKE_TOKEN       what Salesforce must present for intake; absent: anyone on this machine may
  DATABASE_URL                    postgres://…; its parameters may set sslmode, connect_timeout (s), statement_timeout, lock_timeout (ms); or, without it:
  MIDDLE_LAYER_DATA_DIR           folder of the embedded database; absent: in memory
  DATABASE_WAIT_MS                how long a server that is away at the start is waited for; default 60000, then exit code 3
  MIDDLE_LAYER_HOST               address to serve at; default 127.0.0.1, this machine only (put TLS in front of any other)
  MIDDLE_LAYER_PORT, MIDDLE_LAYER_CONTROL_PORT   0 = any free port; the control port can be "off"
  MIDDLE_LAYER_WORKER             name of this worker among those that share a database, the same after a restart
  MIDDLE_LAYER_SETTINGS           JSON: see settings.ts
  SALESFORCE_STREAM               "off": only poll
  CLOCK_OFFSET_MS, LOG_LEVEL, LOG_FILE
Flags: --port N  --control-port N|off  --data-dir DIR  --database-url URL  --help`;

const FLAGS = {
  port: 'MIDDLE_LAYER_PORT',
  'control-port': 'MIDDLE_LAYER_CONTROL_PORT',
  'data-dir': 'MIDDLE_LAYER_DATA_DIR',
  'database-url': 'DATABASE_URL',
} as const;

const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Reads the configuration. Throws ConfigError naming everything that is missing or unreadable; 'help' when help was asked for. */
export const readConfig = (
  args: readonly string[],
  environment: Record<string, string | undefined>,
  flows: readonly Pick<CarriedFlow, 'name' | 'address'>[],
): Config | 'help' => {
  const options = Object.fromEntries(Object.keys(FLAGS).map((name) => [name, { type: 'string' as const }]));
  const { values: flags } = parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } } });
  if (flags.help) return 'help';
  const env: Record<string, string | undefined> = { ...environment };
  for (const [flag, name] of Object.entries(FLAGS)) {
    const value = (flags as Record<string, unknown>)[flag];
    if (typeof value === 'string') env[name] = value;
  }

  const problems: string[] = [];
  const required = (name: string): string => {
    if (!env[name]) problems.push(`${name} is not set`);
    return env[name] ?? '';
  };
  const url = (name: string): string => {
    const value = required(name);
    if (value && !/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
      problems.push(`${name} must be an http or https URL`);
    return value;
  };
  const whole = (name: string, max: number, fallback = 0): number => {
    const value = Number(env[name] ?? fallback);
    if (!Number.isInteger(value) || value < 0 || value > max)
      problems.push(`${name} must be a whole number from 0 to ${max}`);
    return value;
  };
  const settings = (): Partial<Settings> => {
    try {
      const given = JSON.parse(env.MIDDLE_LAYER_SETTINGS ?? '{}') as Partial<Settings>;
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(DEFAULT_SETTINGS, name)) problems.push(`MIDDLE_LAYER_SETTINGS: ${name} is not a setting`);
      }
      return given;
    } catch {
      problems.push('MIDDLE_LAYER_SETTINGS is not JSON');
      return {};
    }
  };
  const auth = (): SalesforceAuth => {
    if (env.SALESFORCE_ACCESS_TOKEN) return { kind: 'accessToken', accessToken: env.SALESFORCE_ACCESS_TOKEN };
    if (!env.SALESFORCE_CLIENT_ID) {
      problems.push('neither SALESFORCE_ACCESS_TOKEN nor SALESFORCE_CLIENT_ID is set');
      return { kind: 'accessToken', accessToken: '' };
    }
    const loginUrl = env.SALESFORCE_LOGIN_URL ? { loginUrl: url('SALESFORCE_LOGIN_URL').replace(/\/+$/, '') } : {};
    return {
      kind: 'jwt',
      clientId: env.SALESFORCE_CLIENT_ID,
      username: required('SALESFORCE_USERNAME'),
      privateKey: privateKey(),
      ...loginUrl,
    };
  };
  const privateKey = (): string => {
    if (env.SALESFORCE_PRIVATE_KEY) return env.SALESFORCE_PRIVATE_KEY;
    const file = required('SALESFORCE_PRIVATE_KEY_FILE');
    try {
      return file ? readFileSync(file, 'utf8') : '';
    } catch {
      problems.push(`SALESFORCE_PRIVATE_KEY_FILE: ${file} cannot be read`);
      return '';
    }
  };
  const logLevel = (env.LOG_LEVEL ?? 'info') as LogLevel;
  if (!LEVELS.includes(logLevel)) problems.push(`LOG_LEVEL must be one of ${LEVELS.join(', ')}`);

  const config: Config = {
    host: env.MIDDLE_LAYER_HOST || '127.0.0.1',
    port: whole('MIDDLE_LAYER_PORT', 65_535),
    controlPort: env.MIDDLE_LAYER_CONTROL_PORT === 'off' ? null : whole('MIDDLE_LAYER_CONTROL_PORT', 65_535),
    databaseUrl: env.DATABASE_URL || null,
    databaseWaitMs: whole('DATABASE_WAIT_MS', 24 * 60 * 60_000, WAIT_MS),
    dataDir: env.MIDDLE_LAYER_DATA_DIR || null,
    salesforce: { instanceUrl: url('SALESFORCE_URL'), auth: auth(), stream: env.SALESFORCE_STREAM !== 'off' },
    external: Object.fromEntries(
      flows.map(({ name, address }) => [name, { url: url(address.url), token: required(address.token) }]),
    ),
    callers: {
      external: required('MIDDLE_LAYER_EXTERNAL_TOKEN'),
      operator: required('MIDDLE_LAYER_OPERATOR_TOKEN'),
      intake: env.MIDDLE_LAYER_INTAKE_TOKEN || null,
    },
    settings: settings(),
    worker:
      env.MIDDLE_LAYER_WORKER || (env.DATABASE_URL ? `${hostname()}-${env.MIDDLE_LAYER_PORT ?? 0}` : 'middle-layer'),
    clockOffsetMs: whole('CLOCK_OFFSET_MS', Number.MAX_SAFE_INTEGER),
    logLevel,
    logFile: env.LOG_FILE || null,
  };
  if (problems.length)
    throw new ConfigError(`the middle layer cannot start: ${problems.join('; ')}. --help lists the settings`);
  return config;
};
