import {
  Lifecycle,
  Org,
  scratchOrgCreate,
  scratchOrgLifecycleEventName,
  type ScratchOrgLifecycleEvent,
} from '@salesforce/core';
import type { Progress } from '../../src/story/progress.ts';
import type { CreateArguments } from './arguments.ts';

/** What the stages of a signup are called for people. */
const STAGES: Partial<Record<ScratchOrgLifecycleEvent['stage'], string>> = {
  'send request': 'signup requested from the Dev Hub',
  'wait for org': 'waiting for the org',
  available: 'the org is there',
  authenticate: 'logging in to it',
  'deploy settings': 'deploying the settings of the definition',
};

/** Asks the Dev Hub for a scratch org and logs in to it. Throws Error that says why there is none and what to do. */
export const createScratchOrg = async (hub: Org, args: CreateArguments, progress: Progress): Promise<Org> => {
  const lifecycle = Lifecycle.getInstance();
  lifecycle.on<ScratchOrgLifecycleEvent>(scratchOrgLifecycleEventName, async ({ stage }) => {
    const text = STAGES[stage];
    if (text) progress.show(text);
  });
  lifecycle.onWarning(async (warning) => progress.show(warning.split('\n')[0] ?? ''));
  try {
    const { username } = await scratchOrgCreate({
      hubOrg: hub,
      definitionfile: args.definition,
      durationDays: args.durationDays,
      ...(args.alias === null ? {} : { alias: args.alias }),
      tracksSource: false,
    });
    return await Org.create({ aliasOrUsername: username! });
  } catch (error) {
    throw new Error(await explain(hub, error as Error & { actions?: string[] }), { cause: error });
  }
};

interface ActiveOrg {
  SignupUsername: string;
  OrgName: string | null;
  ExpirationDate: string;
}

const explain = async (hub: Org, { name, message, actions = [] }: Error & { actions?: string[] }): Promise<string> => {
  const told = [`no scratch org was made: ${message}`, ...actions];
  if (name === 'LIMIT_EXCEEDED' || message.includes('LIMIT_EXCEEDED')) {
    const { records } = await hub
      .getConnection()
      .query<ActiveOrg>('SELECT SignupUsername, OrgName, ExpirationDate FROM ActiveScratchOrg ORDER BY CreatedDate');
    told.push(
      'Delete one that is no longer needed with `npm run scratch -- delete --target-org USER`, or wait until it expires:',
      ...records.map(
        ({ SignupUsername, OrgName, ExpirationDate }) =>
          `  ${SignupUsername} (${OrgName ?? '-'}), until ${ExpirationDate}`,
      ),
    );
  }
  return told.join('\n');
};
