import { Org, StateAggregator } from '@salesforce/core';
import { findOrg } from '../../src/story/org/find-org.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import type { Progress } from '../../src/story/progress.ts';
import type { DeleteArguments } from './arguments.ts';
import { findDevHub } from './dev-hub.ts';

/** Deletes a scratch org through its Dev Hub, its login and its aliases on this machine. */
export const deleteScratchOrg = async (args: DeleteArguments, progress: Progress): Promise<number> => {
  const org = await findOrg(args.target);
  const username = org.getUsername()!;
  const hubName = args.devHub ?? org.getField<string>(Org.Fields.DEV_HUB_USERNAME);
  if (!hubName) {
    throw new UnusableInput(
      `${username} was not made by a Dev Hub that this machine knows; name it with --target-dev-hub`,
    );
  }
  const hub = await findDevHub(hubName);
  if (hub.getOrgId() === org.getOrgId())
    throw new UnusableInput(`${username} is the Dev Hub itself, not a scratch org`);
  await forgetAliases(username);
  try {
    await org.deleteFrom(hub);
  } catch (error) {
    // The core has removed the login of an org that the hub does not know any more.
    if ((error as Error).name !== 'ScratchOrgNotFoundError') throw error;
    progress.say(`${username} had expired or was deleted before; its login was removed`);
    return 0;
  }
  progress.say(`${username} deleted`);
  return 0;
};

const forgetAliases = async (username: string): Promise<void> => {
  const state = await StateAggregator.getInstance();
  await state.aliases.unsetValuesAndSave(state.aliases.getAll(username));
};
