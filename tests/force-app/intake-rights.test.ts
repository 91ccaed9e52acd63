/** Whoever may hand a request to the middle layer may use its credential: each permission set with the intake alone, as a user over the API. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, test } from 'node:test';
import { createOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

const calls: string[] = [];
const USERS: Record<string, string[]> = {
  admin: ['Concord_Admin', 'Concord_Cases_Admin'],
  integration: ['Concord_Integration', 'Concord_Cases_Integration'],
  // The class without the credential.
  half: ['Concord_Cases_Admin'],
};
const nameOf = (user: string): string => `${user}@example.com`;

const org = createOrg({
  projectDir: resolve(import.meta.dirname, '../..'),
  clock: new ManualClock(Date.UTC(2026, 0, 5, 9)),
  random: seededRandom(1),
  connectedApps: Object.keys(USERS).map((user) => ({ consumerKey: user, consumerSecret: 's', runAs: nameOf(user) })),
  callout: ({ url }) => {
    calls.push(url);
    return { status: 202, headers: {}, body: '{"trackingKey":"t"}' };
  },
});
after(() => org.close());

const apex = (text: string): void => {
  const { success, compileProblem, exceptionMessage } = org.executeAnonymous(text);
  assert.ok(success, compileProblem ?? exceptionMessage ?? '');
};

const post = async (url: string, body: string, headers: Record<string, string> = {}) => {
  const response = await org.handle({ method: 'POST', url, headers: { host: 'org.test', ...headers }, body });
  return { status: response.status, body: JSON.parse(response.body) as Record<string, unknown> };
};

const intakeBy = async (user: string) => {
  const token = await post('/services/oauth2/token', `grant_type=client_credentials&client_id=${user}&client_secret=s`);
  return post('/services/apexrest/concord/v1/intake', '{"values":{"Subject":"Noise"}}', {
    authorization: `Bearer ${String(token.body.access_token)}`,
    'content-type': 'application/json',
  });
};

apex(`
  Profile minimum = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'];
  Map<String, Set<String>> setsOf = new Map<String, Set<String>>{
    ${Object.entries(USERS)
      .map(([user, sets]) => `'${user}' => new Set<String>{ ${sets.map((set) => `'${set}'`).join(', ')} }`)
      .join(', ')}
  };
  for (String user : setsOf.keySet()) {
    User person = new User(Username = user + '@example.com', Email = 'p@example.com', LastName = user, Alias = user.left(8), ProfileId = minimum.Id, TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');
    insert person;
    Set<String> names = setsOf.get(user);
    for (PermissionSet each : [SELECT Id FROM PermissionSet WHERE Name IN :names])
      insert new PermissionSetAssignment(AssigneeId = person.Id, PermissionSetId = each.Id);
  }`);
apex('ConcordSetup.activateSync();');

for (const user of ['admin', 'integration'])
  test(`an ${user} hands a request to the middle layer`, async () => {
    calls.length = 0;
    const { status, body } = await intakeBy(user);
    assert.equal(status, 202, JSON.stringify(body));
    assert.deepEqual(calls, ['https://middle-layer.example.com/v1/intake']);
  });

test('an agent, whose flows call the intake, has what the admin has', () => {
  apex(`
    Integer reads = [SELECT COUNT() FROM ObjectPermissions WHERE Parent.Name = 'Concord_Agent' AND SobjectType = 'UserExternalCredential' AND PermissionsRead = TRUE];
    Integer classes = [SELECT COUNT() FROM SetupEntityAccess WHERE Parent.Name = 'Concord_Agent' AND SetupEntityId IN (SELECT Id FROM ApexClass WHERE Name = 'CaseIntakeInvocable')];
    Assert.areEqual(1, classes, 'the class');
    Assert.areEqual(1, reads, 'the credential');`);
});

test('the class alone is not enough: the credential is not theirs', async () => {
  calls.length = 0;
  const { status, body } = await intakeBy('half');
  assert.equal(status, 503);
  assert.match(String(body.message), /couldn't access the credential/);
  assert.deepEqual(calls, []);
});
