import { ConfigAggregator, type Org } from '@salesforce/core';
import { findOrg, reachOrg } from '../../src/story/org/find-org.ts';
import { UnusableInput } from 'kernel/command-line.ts';

const DEFAULT_HUB = 'target-dev-hub';

/** The Dev Hub to work with. Throws UnusableInput that says what to do when there is none. */
export const findDevHub = async (named: string | null): Promise<Org> => {
  const org = await findOrg(named ?? (await defaultHub()));
  await reachOrg(org);
  if (await org.determineIfDevHubOrg(true)) return org;
  throw new UnusableInput(
    `${org.getUsername()} is not a Dev Hub: switch it on in Setup under "Dev Hub" (it cannot be switched off again), or name another org with --target-dev-hub`,
  );
};

const defaultHub = async (): Promise<string> => {
  const config = await ConfigAggregator.create();
  const name = config.getPropertyValue<string>(DEFAULT_HUB);
  if (name) return name;
  throw new UnusableInput(
    'no Dev Hub is named and this machine has no default one; add --target-dev-hub USER, or log in with `sf org login web --set-default-dev-hub`',
  );
};
