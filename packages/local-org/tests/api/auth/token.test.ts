import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { ADMIN, AGENT, START } from '../support/fake-store.ts';
import { ADMIN_TOKEN, fakeOrg, type FakeOrg } from '../support/fake-org.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const APP = {
  consumerKey: 'key',
  consumerSecret: 'hush',
  certificate: keys.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  allowedUsers: [ADMIN.username],
  runAs: AGENT.username,
};
const HOUR = 3_600_000;

const jwt = (claims: Record<string, unknown>, key: KeyObject = keys.privateKey, alg = 'RS256'): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
};
const CLAIMS = { iss: 'key', sub: ADMIN.username, aud: 'http://org.test', exp: START / 1000 + 180 };
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const ask = async (
  org: FakeOrg,
  parameters: Record<string, string>,
): Promise<{ status: number; body: Record<string, string> }> => {
  const { status, body } = await org.send('POST', '/services/oauth2/token', {
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
  return { status, body: JSON.parse(body) as Record<string, string> };
};

const identityOf = async (org: FakeOrg, token: string): Promise<string> =>
  (JSON.parse((await org.send('GET', '/services/oauth2/userinfo', { token })).body) as { user_id: string }).user_id;

test('a signed assertion opens a session for its user', async () => {
  const org = fakeOrg({ connectedApps: [APP] });
  const { status, body } = await ask(org, { grant_type: JWT_BEARER, assertion: jwt(CLAIMS) });
  assert.equal(status, 200);
  assert.match(body.access_token!, /^00D\w{12}!/);
  assert.equal(body.instance_url, 'http://org.test');
  assert.equal(body.id, `http://org.test/id/${org.store.orgId}/${ADMIN.id}`);
  assert.equal(await identityOf(org, body.access_token!), ADMIN.id);
});

test('assertions that are not right are refused, each for its reason', async () => {
  const org = fakeOrg({ connectedApps: [APP] });
  const cases: [string, string, string][] = [
    [jwt(CLAIMS, otherKeys.privateKey), 'invalid_grant', 'invalid assertion'],
    [jwt(CLAIMS, keys.privateKey, 'none'), 'invalid_grant', 'invalid assertion'],
    ['nonsense', 'invalid_grant', 'invalid assertion'],
    [jwt({ ...CLAIMS, iss: 'other' }), 'invalid_client_id', 'client identifier invalid'],
    [jwt({ ...CLAIMS, aud: 'https://example.com' }), 'invalid_grant', 'audience is invalid'],
    [jwt({ ...CLAIMS, exp: START / 1000 }), 'invalid_grant', 'expired authorization code'],
    [jwt({ ...CLAIMS, sub: AGENT.username }), 'invalid_grant', "user hasn't approved this consumer"],
    [jwt({ ...CLAIMS, sub: 'nobody@local.test' }), 'invalid_grant', "user hasn't approved this consumer"],
  ];
  for (const [assertion, error, description] of cases) {
    const { status, body } = await ask(org, { grant_type: JWT_BEARER, assertion });
    assert.equal(status, 400);
    assert.deepEqual(body, { error, error_description: description });
  }
});

test('client credentials stand for the user the app runs as', async () => {
  const org = fakeOrg({ connectedApps: [APP] });
  const credentials = { grant_type: 'client_credentials', client_id: 'key' };
  const { body } = await ask(org, { ...credentials, client_secret: 'hush' });
  assert.equal(await identityOf(org, body.access_token!), AGENT.id);
  assert.equal((await ask(org, { ...credentials, client_secret: 'loud' })).body.error, 'invalid_client');
});

test('a grant the org does not know is refused', async () => {
  const { body } = await ask(fakeOrg(), { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' });
  assert.equal(body.error, 'unsupported_grant_type');
});

test('a session ends after two hours without use; the first one lasts', async () => {
  const org = fakeOrg({ connectedApps: [APP] });
  const { body } = await ask(org, { grant_type: JWT_BEARER, assertion: jwt(CLAIMS) });
  const use = async (token: string): Promise<number> =>
    (await org.send('GET', '/services/data/v67.0/limits', { token })).status;
  await org.clock.advance(1.5 * HOUR);
  assert.equal(await use(body.access_token!), 200);
  await org.clock.advance(1.5 * HOUR);
  assert.equal(await use(body.access_token!), 200);
  await org.clock.advance(2 * HOUR);
  const expired = await org.send('GET', '/services/data/v67.0/limits', { token: body.access_token! });
  assert.equal(expired.status, 401);
  assert.deepEqual(JSON.parse(expired.body), [
    { message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' },
  ]);
  assert.equal(await use(ADMIN_TOKEN), 200);
});

test('a revoked session is over', async () => {
  const org = fakeOrg();
  assert.equal(
    (await org.send('POST', '/services/oauth2/revoke', { body: `token=${encodeURIComponent(ADMIN_TOKEN)}` })).status,
    200,
  );
  const { status, body } = await org.send('GET', '/services/oauth2/userinfo');
  assert.deepEqual([status, body], [403, 'Bad_OAuth_Token']);
});
