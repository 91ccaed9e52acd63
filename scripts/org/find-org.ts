import { Org } from '@salesforce/core';
import { UnusableInput } from '../seeding/types.ts';

const isUnknown = (error: unknown): boolean =>
  error instanceof Error && ['NamedOrgNotFoundError', 'NoAuthInfoFound', 'NoUsernameFoundError'].includes(error.name);

/** An org that this machine is logged in to. Throws UnusableInput that says how to log in. */
export const findOrg = async (usernameOrAlias: string): Promise<Org> => {
  try {
    return await Org.create({ aliasOrUsername: usernameOrAlias });
  } catch (error) {
    if (!isUnknown(error)) throw error;
    throw new UnusableInput(
      `this machine is not logged in to an org called ${usernameOrAlias}; log in with \`sf org login web --alias ${usernameOrAlias}\`, or check the name with \`sf org list\``,
    );
  }
};
