/** The process's configuration, from the environment; flags win over it. */
import { hostname } from 'node:os';
import { readArgs, UnusableInput } from 'kernel/command-line.ts';
import type { SalesforceAuth } from '../shared/salesforce/login.ts';
import { WAIT_MS } from '../shared/sql/open.ts';
import { Environment } from '../shared/environment.ts';
import type { CarriedFlow, ExternalAddress } from './flow.ts';
import { DEFAULT_SETTINGS, type Callers, type Settings } from './settings.ts';
import type { LogLevel } from './types.ts';
import { variablesOf } from './variables.ts';

type NamedFlow = Pick<CarriedFlow, 'name'>;

export interface Config {
  /** The names of the flows that it carries: those that anything is set for. */
  flows: string[];
  host: string;
  port: number;
  /** Null: no control port. */
  control: { port: number; token: string } | null;
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
export class ConfigError extends UnusableInput {
  override name = 'ConfigError';
}

const helpOf = ({ name }: NamedFlow): string => {
  const { url, token, caller } = variablesOf(name);
  return [
    `  ${`${url}, ${token}`.padEnd(46)}  the external system of the flow ${name}, and the token it asks for`,
    `  ${caller.padEnd(46)}  the token by which that external system is known, when it calls`,
  ].join('\n');
};

/** What `--help` prints. The variables of an external system are named for its flow. */
export const helpFor = (
  flows: readonly NamedFlow[],
): string => `The middle layer of Concord. Settings come from the environment:
  SALESFORCE_URL                  the org, for example https://example.my.salesforce.com
  SALESFORCE_ACCESS_TOKEN         a session, for scratch and local orgs; or, to log in by JWT:
  SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY or SALESFORCE_PRIVATE_KEY_FILE (PEM), SALESFORCE_LOGIN_URL
${flows.map(helpOf).join('\n')}
  MIDDLE_LAYER_OPERATOR_TOKEN     what people and scripts must present
  MIDDLE_LAYER_INTAKE_TOKEN       what Salesforce must present for intake; absent: anyone on this machine may
  DATABASE_URL                    postgres://…; its parameters may set sslmode, connect_timeout (s), statement_timeout, lock_timeout (ms); or, without it:
  MIDDLE_LAYER_DATA_DIR           folder of the embedded database; absent: in memory
  DATABASE_WAIT_MS                how long a server that is away at the start is waited for; default 60000, then exit code 3
  MIDDLE_LAYER_HOST               address to serve at; default 127.0.0.1, this machine only (put TLS in front of any other)
  MIDDLE_LAYER_PORT               0, or absent: any free one
  MIDDLE_LAYER_CONTROL_PORT, MIDDLE_LAYER_CONTROL_TOKEN   for tests: a port that moves the clock, and what its callers must present; absent: there is none
  MIDDLE_LAYER_WORKER             name of this worker among those that share a database, the same after a restart
  MIDDLE_LAYER_SETTINGS           JSON: see settings.ts
  SALESFORCE_STREAM               "off": only poll
  CLOCK_OFFSET_MS, LOG_LEVEL, LOG_FILE
Flags: --port N  --control-port N  --data-dir DIR  --database-url URL  --help`;

const FLAGS = {
  port: 'MIDDLE_LAYER_PORT',
  'control-port': 'MIDDLE_LAYER_CONTROL_PORT',
  'data-dir': 'MIDDLE_LAYER_DATA_DIR',
  'database-url': 'DATABASE_URL',
} as const;

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Reads the configuration. Throws ConfigError naming everything that is missing or unreadable; 'help' when help was asked for. */
export const readConfig = (
  args: readonly string[],
  environment: Record<string, string | undefined>,
  flows: readonly NamedFlow[],
): Config | 'help' => {
  const flags = readFlags(args);
  if (flags === 'help') return 'help';
  const from = new Environment({ ...environment, ...flags });
  const config = configFrom(from, flows, carriedOf(from, flows));
  if (from.problems.length)
    throw new ConfigError(`the middle layer cannot start: ${from.problems.join('; ')}. --help lists the settings`);
  return config;
};

/** The flows that anything is set for; when nothing is for any, all of them are missing. */
const carriedOf = (from: Environment, flows: readonly NamedFlow[]): readonly NamedFlow[] => {
  const set = flows.filter(({ name }) =>
    (Object.values(variablesOf(name)) as string[]).some((variable) => from.text(variable) !== null),
  );
  return set.length > 0 ? set : flows;
};

const secretsOfLogin = (auth: SalesforceAuth): string[] =>
  auth.kind === 'jwt' ? [auth.privateKey] : [auth.kind === 'accessToken' ? auth.accessToken : auth.clientSecret];

/** What no log and no message may show. */
export const secretsOf = ({ salesforce: { auth }, external, callers, control, databaseUrl }: Config): string[] => {
  const password = databaseUrl === null ? '' : (URL.parse(databaseUrl)?.password ?? '');
  return [
    ...secretsOfLogin(auth),
    ...Object.values(external).map(({ token }) => token),
    ...Object.values(callers.external ?? {}),
    ...[callers.intake, callers.operator].filter((token): token is string => token !== null),
    ...(control ? [control.token] : []),
    password,
    decodeURIComponent(password),
  ];
};

/** The flags that were given, by the variables that they stand for. */
const readFlags = (args: readonly string[]): Record<string, string> | 'help' => {
  const options = Object.fromEntries(Object.keys(FLAGS).map((name) => [name, { type: 'string' as const }]));
  const { values } = readArgs(
    { args: [...args], options: { ...options, help: { type: 'boolean' } } },
    '`npm run middle-layer -- --help` lists the settings',
  );
  if (values.help) return 'help';
  return Object.fromEntries(
    Object.entries(FLAGS).flatMap(([flag, name]) => {
      const value = (values as Record<string, unknown>)[flag];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
};

const configFrom = (from: Environment, flows: readonly NamedFlow[], carried: readonly NamedFlow[]): Config => ({
  flows: carried.map(({ name }) => name),
  host: from.text('MIDDLE_LAYER_HOST') ?? '127.0.0.1',
  port: from.whole('MIDDLE_LAYER_PORT', 65_535),
  control: controlFrom(from),
  databaseUrl: from.text('DATABASE_URL'),
  databaseWaitMs: from.whole('DATABASE_WAIT_MS', 24 * 60 * 60_000, WAIT_MS),
  dataDir: from.text('MIDDLE_LAYER_DATA_DIR'),
  salesforce: {
    instanceUrl: from.url('SALESFORCE_URL'),
    auth: authFrom(from),
    stream: from.text('SALESFORCE_STREAM') !== 'off',
  },
  external: Object.fromEntries(carried.map(({ name }) => [name, addressFrom(from, name)])),
  callers: {
    external: callersFrom(from, carried),
    operator: from.required('MIDDLE_LAYER_OPERATOR_TOKEN'),
    intake: from.text('MIDDLE_LAYER_INTAKE_TOKEN'),
  },
  settings: settingsFrom(from, flows),
  worker: from.text('MIDDLE_LAYER_WORKER') ?? workerFrom(from),
  clockOffsetMs: from.whole('CLOCK_OFFSET_MS', Number.MAX_SAFE_INTEGER),
  logLevel: from.oneOf('LOG_LEVEL', LEVELS, 'info'),
  logFile: from.text('LOG_FILE'),
});

const addressFrom = (from: Environment, flow: string): ExternalAddress => {
  const { url, token } = variablesOf(flow);
  return { url: from.url(url), token: from.required(token) };
};

/** The token of each external system. An external system is known by its token: no two may have the same. */
const callersFrom = (from: Environment, flows: readonly NamedFlow[]): Record<string, string> => {
  const tokens = flows.map(({ name }) => ({ name, variable: variablesOf(name).caller }));
  const found = tokens.map(({ name, variable }) => ({ name, variable, token: from.required(variable) }));
  for (const [token, same] of Map.groupBy(found, (one) => one.token))
    if (token && same.length > 1)
      from.problems.push(
        `${same.map(({ variable }) => variable).join(' and ')} hold the same token: give each its own`,
      );
  return Object.fromEntries(found.map(({ name, token }) => [name, token]));
};

const controlFrom = (from: Environment): Config['control'] => {
  if (from.text('MIDDLE_LAYER_CONTROL_PORT') === null) return null;
  return { port: from.whole('MIDDLE_LAYER_CONTROL_PORT', 65_535), token: from.required('MIDDLE_LAYER_CONTROL_TOKEN') };
};

const workerFrom = (from: Environment): string =>
  from.text('DATABASE_URL') ? `${hostname()}-${from.text('MIDDLE_LAYER_PORT') ?? 0}` : 'middle-layer';

const authFrom = (from: Environment): SalesforceAuth => {
  const accessToken = from.text('SALESFORCE_ACCESS_TOKEN');
  if (accessToken) return { kind: 'accessToken', accessToken };
  const clientId = from.text('SALESFORCE_CLIENT_ID');
  if (!clientId) {
    from.problems.push('neither SALESFORCE_ACCESS_TOKEN nor SALESFORCE_CLIENT_ID is set');
    return { kind: 'accessToken', accessToken: '' };
  }
  const loginUrl = from.text('SALESFORCE_LOGIN_URL')
    ? { loginUrl: from.url('SALESFORCE_LOGIN_URL').replace(/\/+$/, '') }
    : {};
  return {
    kind: 'jwt',
    clientId,
    username: from.required('SALESFORCE_USERNAME'),
    privateKey: from.text('SALESFORCE_PRIVATE_KEY') ?? from.file('SALESFORCE_PRIVATE_KEY_FILE'),
    ...loginUrl,
  };
};

const settingsFrom = (from: Environment, flows: readonly NamedFlow[]): Partial<Settings> => {
  const given = from.json('MIDDLE_LAYER_SETTINGS') as Partial<Settings>;
  const names = (settings: object, where: string): void => {
    for (const name of Object.keys(settings))
      if (!Object.hasOwn(DEFAULT_SETTINGS, name)) from.problems.push(`${where}: ${name} is not a setting`);
  };
  names(given, 'MIDDLE_LAYER_SETTINGS');
  for (const [flow, own] of Object.entries(given.flows ?? {})) {
    names(own, `MIDDLE_LAYER_SETTINGS: flows.${flow}`);
    if (!flows.some(({ name }) => name === flow))
      from.problems.push(
        `MIDDLE_LAYER_SETTINGS: there is no flow ${flow}; there are: ${flows.map(({ name }) => name).join(', ')}`,
      );
  }
  return given;
};
