/** People who look at pages, as users of the org. */
import type { ConnectedApp, Org } from 'local-org/types.ts';
import type { Viewer } from './component-page.ts';
import { mustSucceed, orgSession, queried } from './org-session.ts';

const usernameOf = (person: string): string => `${person}@pages.test`;

/** By which a person gets a session; for createOrg. */
export const signInOf = (person: string): ConnectedApp => ({
  consumerKey: person,
  consumerSecret: person,
  runAs: usernameOf(person),
});

/** A standard user with these permission sets. */
export const newPerson = async (org: Org, person: string, permissionSets: string[]): Promise<Viewer> => {
  const session = orgSession(org, org.info.accessToken);
  const send = mustSucceed(session);
  const [profile] = await queried(session, "SELECT Id FROM Profile WHERE Name = 'Standard User'");
  const user = await send('POST', '/sobjects/User', {
    Username: usernameOf(person),
    LastName: person,
    Alias: person,
    Email: 'nobody@example.com',
    ProfileId: profile.Id,
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
  });
  for (const name of permissionSets) {
    const [set] = await queried(session, `SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
    await send('POST', '/sobjects/PermissionSetAssignment', { AssigneeId: user.id, PermissionSetId: set.Id });
  }
  return {
    userId: user.id,
    async signIn() {
      const body = `grant_type=client_credentials&client_id=${person}&client_secret=${person}`;
      const token = await org.handle({ method: 'POST', url: '/services/oauth2/token', headers: {}, body });
      return orgSession(org, JSON.parse(token.body).access_token);
    },
  };
};
