/** The middle layer as a process. Prints one JSON line `{url, controlUrl}` when it serves; `--help` lists its settings. */
import { pino } from 'pino';
import { ShiftableClock } from 'kernel/clock.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { fetchTransport, serve, type Listening } from 'kernel/http.ts';
import { secureRandom } from 'kernel/random.ts';
import { censor, withoutSecrets } from '../shared/without-secrets.ts';
import { openDatabase, startExitCode } from '../shared/sql/open.ts';
import { helpFor, readConfig, secretsOf, type Config } from './config.ts';
import { controlHandler } from './control.ts';
import { createMiddleLayer } from './index.ts';
import { carriedFlows as carried } from '../flows/index.ts';
import { jsonLog } from './log.ts';

/** Salesforce holds a connect for up to 110 s. */
const LONG_POLL_MS = 150_000;

const exitCodeOf = (error: unknown): number => (error instanceof UnusableInput ? 2 : startExitCode(error));

const run = async (config: Config): Promise<void> => {
  const destination = pino.destination({ dest: config.logFile ?? 2, sync: true });
  const log = jsonLog(config.logLevel, withoutSecrets(destination, secretsOf(config)));
  const clock = new ShiftableClock(config.clockOffsetMs);
  const { databaseUrl: url, dataDir, databaseWaitMs: waitMs } = config;
  const db = await openDatabase({ url, dataDir, waitMs }, log);
  const { salesforce, external, worker } = config;
  const layer = await createMiddleLayer({
    db,
    clock,
    random: secureRandom,
    transport: fetchTransport(),
    ...(salesforce.stream ? { streamTransport: fetchTransport(LONG_POLL_MS) } : {}),
    salesforce,
    flows: carried.filter(({ name }) => config.flows.includes(name)),
    external,
    settings: { ...config.settings, callers: config.callers },
    log,
    worker,
  });
  if (config.callers.intake === null)
    log('warn', 'intake is open', {
      remedy: 'set MIDDLE_LAYER_INTAKE_TOKEN before anything but this machine can reach the port',
    });
  const onError = (error: unknown): void =>
    log('error', 'request failed', { message: error instanceof Error ? error.message : String(error) });
  const servers: Listening[] = [await serve(layer.handle, { port: config.port, host: config.host, onError })];
  if (config.control)
    servers.push(
      await serve(controlHandler(config.control.token, clock, layer), { port: config.control.port, onError }),
    );
  layer.start();
  log('info', 'started', {
    url: servers[0]!.url,
    worker,
    database: config.databaseUrl ? 'server' : config.dataDir ? 'directory' : 'memory',
  });

  let stopping = false;
  const stop = async (why: string, exitCode: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log('info', 'stopping', { why });
    await Promise.all(servers.map((server) => server.close()));
    await layer.stop();
    await db.close();
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));
  void layer.outdated.then((error) => {
    log('error', 'schema is newer', { message: error.message });
    return stop('a newer program has migrated the database', startExitCode(error));
  });
  // last: whoever reads it may end this process at once
  process.stdout.write(`${JSON.stringify({ url: servers[0]!.url, controlUrl: servers[1]?.url ?? null })}\n`);
};

// data and logs hold what people wrote into Cases: for nobody else's eyes
process.umask(0o077);
let shown = (text: string): string => text;
try {
  const config = readConfig(process.argv.slice(2), process.env, carried);
  if (config !== 'help') shown = censor(secretsOf(config));
  if (config === 'help') process.stdout.write(`${helpFor(carried)}\n`);
  else await run(config);
} catch (error) {
  process.stderr.write(`${shown(error instanceof Error ? error.message : String(error))}\n`);
  process.exit(exitCodeOf(error));
}
