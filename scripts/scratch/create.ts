import type { Org } from '@salesforce/core';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import { activate } from '../../src/story/org/set-up.ts';
import { checkAgainstOrg, describeDoubts, prepareInput, seedRows } from '../../src/story/seeding/seed.ts';
import type { Progress } from '../../src/story/progress.ts';
import type { CreateArguments } from './arguments.ts';
import { createScratchOrg } from './create-org.ts';
import { checkDefinition } from './definition.ts';
import { allSamples, deployProject } from '../deploying/deploy-project.ts';
import { findDevHub } from './dev-hub.ts';
import { assignPermissionSets } from './permission-sets.ts';
import { runScript } from './run-script.ts';

/** Makes a scratch org and everything in it. Answers the exit code. */
export const create = async (args: CreateArguments, progress: Progress): Promise<number> => {
  await checkDefinition(args.definition);
  const input = args.seed ? await prepareInput(args.input, args.map) : null;
  for (const doubt of describeDoubts(input?.rows ?? [])) progress.say(doubt);
  const hub = await findDevHub(args.devHub);
  progress.say(`Dev Hub ${hub.getUsername()}`);
  const org = await createScratchOrg(hub, args, progress);
  progress.say(
    `scratch org ${org.getUsername()}${args.alias ? `, alias ${args.alias}` : ''}, for ${args.durationDays} days`,
  );
  try {
    await setUp(org, input, progress);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${remains(org)}`, { cause: error });
  }
  if (!args.e2e) return 0;
  progress.say('running the end-to-end checks against it');
  const { status } = await runScript('scripts/e2e.ts', ['--target-org', org.getUsername()!], (text) =>
    process.stdout.write(text),
  );
  if (status !== 0) process.stderr.write(`${remains(org)}\n`);
  return status;
};

type Input = Awaited<ReturnType<typeof prepareInput>>;

const setUp = async (org: Org, input: Input | null, progress: Progress): Promise<void> => {
  const connection = org.getConnection(API_VERSION);
  const plan = { flows: null, samples: allSamples(), tests: 'none', dryRun: false } as const;
  const { components } = await deployProject(connection, plan, progress);
  progress.say(`${components} components deployed`);
  progress.say(`permission sets assigned: ${(await assignPermissionSets(connection)).join(', ')}`);
  await activate(connection);
  progress.say('sync activated, reconciliation job scheduled');
  if (input === null) return;
  await checkAgainstOrg(connection, input.mapping);
  const { seeded, rejected } = await seedRows(connection, input);
  progress.say(`${seeded.length} rows seeded, ${input.rejected.length + rejected.length} rejected`);
  for (const { row, field, reason } of [...input.rejected, ...rejected]) {
    process.stderr.write(`row ${row}${field ? `, ${field}` : ''}: ${reason}\n`);
  }
};

const remains = (org: Org): string =>
  `The scratch org remains, to be looked at; \`npm run scratch -- delete --target-org ${org.getUsername()}\` deletes it.`;
