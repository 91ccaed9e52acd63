/** `npm run org`: starts a local org, runs Apex tests or anonymous Apex in one. See ORG_USAGE. */
import { createOrg } from '../src/local-org/index.ts';
import { startOrgService } from '../src/local-org/service.ts';
import type { Org } from '../src/local-org/types.ts';
import { ShiftableClock } from '../src/shared/clock.ts';
import { systemRandom } from '../src/shared/random.ts';
import { ORG_USAGE, readOrgArguments, type OrgArguments, type StartArguments } from './org/arguments.ts';
import { diagnosticLines } from './org/diagnostics.ts';
import { execFile } from './org/exec.ts';
import { runTests } from './org/test.ts';
import { UnusableInput } from './seeding/types.ts';

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

/** A project that no org can be made of is unusable input, not a failed run. */
const usable = <T>(make: () => T): T => {
  try {
    return make();
  } catch (error) {
    throw new UnusableInput((error as Error).message, { cause: error });
  }
};

/** An org in this thread; what did not compile is told on the error stream. */
const withOrg = async (
  { projectDir, data }: { projectDir: string; data?: string | undefined },
  work: (org: Org, clock: ShiftableClock) => Promise<number>,
): Promise<number> => {
  const clock = new ShiftableClock();
  const org = usable(() => createOrg({ projectDir, clock, random: systemRandom, ...(data ? { data } : {}) }));
  err(diagnosticLines(org.diagnostics));
  try {
    return await work(org, clock);
  } finally {
    org.close();
  }
};

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });

const start = async ({ projectDir, port, data, devHub }: StartArguments): Promise<number> => {
  const stop = interrupted();
  const service = await startOrgService({
    projectDir,
    ...(port === undefined ? {} : { port }),
    ...(data === undefined ? {} : { data }),
    ...(devHub ? { devHub: {} } : {}),
  });
  err(diagnosticLines(service.diagnostics));
  const { accessToken, username, orgId } = service.info;
  out(
    `${JSON.stringify({ instanceUrl: service.instanceUrl, accessToken, username, orgId, controlUrl: service.controlUrl })}\n`,
  );
  await stop;
  await service.stop();
  return 0;
};

const run = (args: OrgArguments): Promise<number> => {
  switch (args.command) {
    case 'start':
      return start(args);
    case 'test':
      return withOrg(args, (org, clock) => runTests(org, args, clock, { out }));
    case 'exec':
      return withOrg(args, (org) => execFile(org, args.file, { out, err }));
  }
};

try {
  const args = readOrgArguments(process.argv.slice(2));
  if (args === 'help') out(`${ORG_USAGE}\n`);
  else process.exitCode = await run(args);
} catch (error) {
  err(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UnusableInput ? 2 : 1;
}
