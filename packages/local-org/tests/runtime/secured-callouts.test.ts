/** Callouts by named credentials that prove who calls by an external credential. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { orgWith, run } from './org-fixture.ts';

const METADATA = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const CREDENTIAL = `<?xml version="1.0" encoding="UTF-8"?><NamedCredential ${METADATA}><label>Partner</label><namedCredentialParameters><parameterName>Url</parameterName><parameterType>Url</parameterType><parameterValue>https://partner.example</parameterValue></namedCredentialParameters><namedCredentialParameters><externalCredential>Partner</externalCredential><parameterName>ExternalCredential</parameterName><parameterType>Authentication</parameterType></namedCredentialParameters><namedCredentialType>SecuredEndpoint</namedCredentialType></NamedCredential>`;
const permissionSet = (more: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><PermissionSet ${METADATA}><classAccesses><apexClass>Calling</apexClass><enabled>true</enabled></classAccesses><label>Callers</label>${more}</PermissionSet>`;
const TOKENS =
  '<objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>UserExternalCredential</object><viewAllRecords>false</viewAllRecords></objectPermissions>';

const fixture = orgWith(
  {
    'namedCredentials/Partner.namedCredential-meta.xml': CREDENTIAL,
    'permissionsets/With.permissionset-meta.xml': permissionSet(TOKENS),
    'permissionsets/Without.permissionset-meta.xml': permissionSet(''),
    'Calling.cls': `@RestResource(urlMapping='/call')
global class Calling {
  @HttpPost
  global static String call() {
    HttpRequest request = new HttpRequest();
    request.setMethod('GET');
    request.setEndpoint('callout:Partner/x');
    try {
      return new Http().send(request).getBody();
    } catch (CalloutException failure) {
      return failure.getMessage();
    }
  }
}`,
  },
  {
    connectedApps: ['With', 'Without'].map((name) => ({
      consumerKey: name,
      consumerSecret: 's',
      runAs: `${name}@example.com`,
    })),
    callout: ({ url }) => ({ status: 200, headers: {}, body: url }),
  },
);
after(() => fixture.close());

run(
  fixture,
  `Profile minimum = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'];
   for (PermissionSet each : [SELECT Id, Name FROM PermissionSet WHERE Name IN ('With', 'Without')]) {
     User person = new User(Username = each.Name + '@example.com', Email = 'p@example.com', LastName = each.Name, Alias = each.Name, ProfileId = minimum.Id, TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');
     insert person;
     insert new PermissionSetAssignment(AssigneeId = person.Id, PermissionSetId = each.Id);
   }`,
);

const callAs = async (name: string): Promise<string> => {
  const post = (url: string, body: string, authorization?: string) =>
    fixture.org.handle({
      method: 'POST',
      url,
      headers: { host: 'org.test', 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body,
    });
  const token = await post('/services/oauth2/token', `grant_type=client_credentials&client_id=${name}&client_secret=s`);
  const session = (JSON.parse(token.body) as { access_token: string }).access_token;
  const answer = await post('/services/apexrest/call', '{}', `Bearer ${session}`);
  return JSON.parse(answer.body) as string;
};

test('whoever calls by an external credential needs Read of User External Credential', async () => {
  assert.equal(await callAs('With'), 'https://partner.example/x');
  assert.match(await callAs('Without'), /^We couldn't access the credential\(s\)/);
});
