#!/usr/bin/env node
/** `local-org`, or `npm run org` in a clone: starts a local org, runs Apex tests or anonymous Apex in one. See ORG_USAGE. */
import { randomBytes } from 'node:crypto';
import { createOrg } from '../src/index.ts';
import { startOrgService } from '../src/service.ts';
import type { Org } from '../src/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { systemRandom } from 'kernel/random.ts';
import { ORG_USAGE, readOrgArguments, type OrgArguments, type StartArguments } from './arguments.ts';
import { diagnosticLines } from './diagnostics.ts';
import { execFile } from './exec.ts';
import { runTests } from './test.ts';
import { runCommand, UnusableInput } from 'kernel/command-line.ts';

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

const start = async ({ projectDir, port, controlPort, data, devHub }: StartArguments): Promise<number> => {
  const stop = interrupted();
  const controlToken = process.env['LOCAL_ORG_CONTROL_TOKEN'] || randomBytes(24).toString('hex');
  const service = await startOrgService({
    projectDir,
    ...(port === undefined ? {} : { port }),
    ...(controlPort === undefined ? {} : { control: { port: controlPort, token: controlToken } }),
    ...(data === undefined ? {} : { data }),
    ...(devHub ? { devHub: {} } : {}),
  });
  err(diagnosticLines(service.diagnostics));
  const { accessToken, username, orgId } = service.info;
  const { instanceUrl, controlUrl } = service;
  const control = controlUrl === null ? {} : { controlUrl, controlToken };
  out(`${JSON.stringify({ instanceUrl, accessToken, username, orgId, ...control })}\n`);
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

await runCommand(async () => {
  const args = readOrgArguments(process.argv.slice(2));
  if (args !== 'help') return run(args);
  out(`${ORG_USAGE}\n`);
  return 0;
});
