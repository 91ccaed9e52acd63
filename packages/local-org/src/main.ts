/**
 * An org as a process:
 * `node packages/local-org/src/main.ts --project DIR [--port N] [--control-port N] [--data FILE] [--username NAME] [--clock-offset MS]
 *  [--seed N] [--named-credential NAME=URL]…`
 * LOCAL_ORG_CONTROL_TOKEN in the environment: what callers of the control port present; without --control-port there is none.
 * LOCAL_ORG_CONNECTED_APPS in the environment: a JSON list of connected apps (consumerKey, certificate, allowedUsers).
 * Prints one line of JSON when it serves. SIGTERM and SIGINT end it; kill -9 loses nothing that was answered when `--data` is given.
 */
import { parseArgs } from 'node:util';
import { runService } from './service/run-service.ts';
import type { ServiceOptions } from './service/options.ts';
import type { ConnectedApp } from './types.ts';

/** Exit status for arguments that cannot be used. */
const USAGE = 2;

const numberOf = (name: string, value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error(`--${name} must be a number, not ${value}`);
  return number;
};

const readOptions = (): ServiceOptions => {
  const { values } = parseArgs({
    options: {
      project: { type: 'string' },
      port: { type: 'string' },
      'control-port': { type: 'string' },
      data: { type: 'string' },
      username: { type: 'string' },
      'clock-offset': { type: 'string' },
      seed: { type: 'string' },
      'named-credential': { type: 'string', multiple: true },
    },
  });
  const credentials = (values['named-credential'] ?? []).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Error(`--named-credential takes NAME=URL, not ${pair}`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  const given = {
    port: numberOf('port', values.port),
    data: values.data,
    username: values.username,
    clockOffset: numberOf('clock-offset', values['clock-offset']),
    seed: numberOf('seed', values.seed),
  };
  const controlPort = numberOf('control-port', values['control-port']);
  const token = process.env['LOCAL_ORG_CONTROL_TOKEN'] ?? '';
  if (controlPort !== undefined && token.trim() === '')
    throw new Error('--control-port needs LOCAL_ORG_CONTROL_TOKEN in the environment: what callers must present');
  const connectedApps = process.env['LOCAL_ORG_CONNECTED_APPS'];
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    projectDir: values.project ?? '.',
    namedCredentials: Object.fromEntries(credentials),
    ...(controlPort === undefined ? {} : { control: { port: controlPort, token } }),
    ...(connectedApps ? { connectedApps: JSON.parse(connectedApps) as ConnectedApp[] } : {}),
    ...present,
  };
};

const log = (event: string, detail: Record<string, unknown>): void => {
  process.stderr.write(`${JSON.stringify({ event, ...detail })}\n`);
};

const main = async (): Promise<void> => {
  let options: ServiceOptions;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = USAGE;
    return;
  }
  const service = await runService(options, log);
  const { instanceUrl, controlUrl, info, diagnostics } = service.started;
  for (const { path, line, column, message } of diagnostics)
    process.stderr.write(`${path}:${line}:${column} ${message}\n`);
  process.stdout.write(`${JSON.stringify({ instanceUrl, ...info, controlUrl })}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log('service.failed', { error: String(error) });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

main().catch((error: unknown) => {
  process.stderr.write(`the org could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
