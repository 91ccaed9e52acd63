import { Org } from '@salesforce/core';
import { UnusableInput } from 'kernel/command-line.ts';

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

/** Makes sure that the login still works. Throws UnusableInput that says what to do when it does not. */
export const reachOrg = async (org: Org): Promise<void> => {
  try {
    await org.refreshAuth();
  } catch (error) {
    throw new UnusableInput(
      `the org of ${org.getUsername()} cannot be used: ${(error as Error).message}; log in to it again with \`sf org login web\``,
      { cause: error },
    );
  }
};
