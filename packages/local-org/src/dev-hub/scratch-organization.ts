/** What a scratch org tells of itself: a sandbox with an end, which is how clients know one. */
import type { Store, Value } from '../store/types.ts';
import type { ScratchSignup } from '../types.ts';

export const writeScratchOrganization = (store: Store, { orgName, edition, expiresAt }: ScratchSignup): void => {
  const values: Record<string, Value> = {
    Name: orgName,
    OrganizationType: `${edition.replace(/^Partner /, '')} Edition`,
    IsSandbox: true,
    TrialExpirationDate: expiresAt,
  };
  store.writePlatformRow({ object: 'Organization', id: store.orgId, values: new Map(Object.entries(values)) });
};
