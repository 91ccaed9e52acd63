/** A user of the widget org who may read, create and edit widgets, but neither see Secret__c nor write Size__c. */
import type { Answered, WidgetOrg } from './widget-org.ts';

const USERNAME = 'reader@widgets.test';
/** What the org needs to know for the reader to log in. */
export const READER_APP = { consumerKey: 'key', consumerSecret: 'hush', runAs: USERNAME };

export interface Reader {
  userId: string;
  /** Of the assignment of their only permission set. */
  assignmentId: string;
  authorization: string;
  send: (method: string, path: string, body?: unknown) => Promise<Answered>;
}

/** The org must have been made with READER_APP as a connected app. */
export const makeReader = async ({ org, send, query }: WidgetOrg): Promise<Reader> => {
  const [profile] = await query("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'");
  const user = await send('POST', '/sobjects/User', {
    Username: USERNAME,
    LastName: 'Reader',
    Alias: 'reader',
    Email: USERNAME,
    ProfileId: profile.Id,
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
  });
  const userId = user.body.id as string;
  const [set] = await query("SELECT Id FROM PermissionSet WHERE Name = 'Widget_Reader'");
  const assignment = await send('POST', '/sobjects/PermissionSetAssignment', {
    AssigneeId: userId,
    PermissionSetId: set.Id,
  });
  const token = await org.handle({
    method: 'POST',
    url: '/services/oauth2/token',
    headers: {},
    body: 'grant_type=client_credentials&client_id=key&client_secret=hush',
  });
  const authorization = `Bearer ${(JSON.parse(token.body) as { access_token: string }).access_token}`;
  return {
    userId,
    assignmentId: assignment.body.id as string,
    authorization,
    send: (method, path, body) => send(method, path, body, { authorization }),
  };
};
