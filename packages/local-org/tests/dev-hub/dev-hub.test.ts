import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { DevHubOptions, ScratchSignup } from '../../src/types.ts';
import { openOrg, START, type TestOrg } from '../deploy/support.ts';

const DAY = 24 * 3_600_000;
const INFO = '/sobjects/ScratchOrgInfo';
const REQUEST = { OrgName: 'Tests', Edition: 'Developer', DurationDays: 2, ConnectedAppConsumerKey: 'PlatformCLI' };

interface Hub extends TestOrg {
  signups: ScratchSignup[];
  stopped: string[];
  /** The record, once what the hub does after the commit is done. */
  info(id: string): Promise<any>;
}

/** A hub whose scratch orgs are names only. */
const openHub = (options: Partial<DevHubOptions> = {}, data?: string): Hub => {
  const signups: ScratchSignup[] = [];
  const stopped: string[] = [];
  const start: DevHubOptions['start'] = async (signup) => {
    signups.push(signup);
    const orgId = `00D00000000000${signups.length}AAA`;
    return {
      orgId,
      instanceUrl: `http://127.0.0.1:${4000 + signups.length}`,
      stop: async () => void stopped.push(orgId),
    };
  };
  const at = openOrg({ devHub: { start, ...options }, ...(data ? { data } : {}) });
  const info = async (id: string) => {
    await new Promise((resolve) => setImmediate(resolve));
    return (await at.send('GET', `${INFO}/${id}`)).body;
  };
  return { ...at, signups, stopped, info };
};

const signUp = async (hub: Hub, more: Record<string, unknown> = {}): Promise<any> =>
  (await hub.send('POST', INFO, { ...REQUEST, ...more })).body;

describe('a Dev Hub', () => {
  test('is known by its objects, which other orgs do not have', async () => {
    const plain = openOrg();
    const { status, body } = await plain.send('GET', '/query?q=SELECT+Id+FROM+ScratchOrgInfo+LIMIT+1');
    assert.deepEqual([status, body[0].errorCode], [400, 'INVALID_TYPE']);
    plain.close();
    const hub = openHub();
    assert.deepEqual(await hub.query('SELECT Id FROM ScratchOrgInfo LIMIT 1'), []);
    hub.close();
  });

  test('signs an org up and tells where it is and how to log in', async () => {
    const hub = openHub();
    const { id } = await signUp(hub, { ConnectedAppCallbackUrl: 'http://localhost:1717/OauthRedirect' });
    const info = await hub.info(id);
    assert.equal(info.Status, 'Active');
    assert.equal(info.LoginUrl, 'http://127.0.0.1:4001');
    assert.equal(info.ScratchOrg, '00D000000000001');
    assert.equal(info.ExpirationDate, '2026-03-04');
    assert.match(info.SignupInstance, /s$/i, 'or clients would look for it at salesforce.com');
    const [signup] = hub.signups;
    assert.equal(signup!.authorization.code, info.AuthCode);
    assert.deepEqual([signup!.username, signup!.expiresAt], [info.SignupUsername, START + 2 * DAY]);
    const [active] = await hub.query(
      'SELECT ScratchOrg, SignupUsername, OrgName, ScratchOrgInfoId FROM ActiveScratchOrg',
    );
    assert.deepEqual([active.ScratchOrg, active.OrgName, active.ScratchOrgInfoId], [info.ScratchOrg, 'Tests', id]);
    hub.close();
  });

  test('ends an org when its ActiveScratchOrg is deleted', async () => {
    const hub = openHub();
    const { id } = await signUp(hub);
    await hub.info(id);
    const [active] = await hub.query('SELECT Id FROM ActiveScratchOrg');
    assert.equal((await hub.send('DELETE', `/sobjects/ActiveScratchOrg/${active.Id}`)).status, 204);
    assert.equal((await hub.info(id)).Status, 'Deleted');
    assert.deepEqual(hub.stopped, ['00D000000000001AAA']);
    hub.close();
  });

  test('ends an org when its time is over', async () => {
    const hub = openHub();
    const { id } = await signUp(hub);
    await hub.info(id);
    await hub.clock.advance(2 * DAY - 1);
    assert.equal((await hub.info(id)).Status, 'Active');
    await hub.clock.advance(1);
    assert.equal((await hub.info(id)).Status, 'Deleted');
    assert.equal((await hub.query('SELECT Id FROM ActiveScratchOrg')).length, 0);
    assert.deepEqual(hub.stopped, ['00D000000000001AAA']);
    hub.close();
  });

  test('takes no more signups than its limits allow', async () => {
    const hub = openHub({ maxActive: 1, maxDaily: 2 });
    const { id } = await signUp(hub);
    await hub.info(id);
    const [tooMany] = await signUp(hub);
    assert.equal(tooMany.errorCode, 'LIMIT_EXCEEDED');
    assert.match(tooMany.message, /active scratch org limit of 1/);
    const [active] = await hub.query('SELECT Id FROM ActiveScratchOrg');
    await hub.send('DELETE', `/sobjects/ActiveScratchOrg/${active.Id}`);
    const second = await signUp(hub);
    assert.equal(second.success, true);
    await hub.info(second.id);
    const [next] = await hub.query('SELECT Id FROM ActiveScratchOrg');
    await hub.send('DELETE', `/sobjects/ActiveScratchOrg/${next.Id}`);
    assert.match((await signUp(hub))[0].message, /daily scratch org signup limit of 2/);
    hub.close();
  });

  test('refuses what it cannot make', async () => {
    const hub = openHub();
    assert.equal((await signUp(hub, { Edition: null }))[0].errorCode, 'REQUIRED_FIELD_MISSING');
    assert.equal((await signUp(hub, { DurationDays: 31 }))[0].errorCode, 'FIELD_INTEGRITY_EXCEPTION');
    assert.equal((await signUp(hub, { Snapshot: 'Mine' }))[0].errorCode, 'NOT_IMPLEMENTED');
    const { body } = await hub.send('POST', '/composite/sobjects', {
      allOrNone: false,
      records: [
        { attributes: { type: 'ScratchOrgInfo' }, OrgName: 'No edition' },
        { attributes: { type: 'ScratchOrgInfo' }, ...REQUEST },
      ],
    });
    assert.deepEqual(
      body.map(({ success }: any) => success),
      [false, true],
    );
    hub.close();
  });

  test("shows a failed signup's error code", async () => {
    const hub = openHub();
    const code = async (more: Record<string, unknown>): Promise<unknown> => {
      const { id } = await signUp(hub, more);
      const { Status, ErrorCode } = await hub.info(id);
      return [Status, ErrorCode];
    };
    assert.deepEqual(await code({ ConnectedAppConsumerKey: 'unknown' }), ['Error', 'C-1016']);
    assert.deepEqual(await code({ Namespace: 'mine' }), ['Error', 'S-1017']);
    hub.close();
    const broken = openHub({ start: () => Promise.reject(new Error('no room')) });
    const { id } = await signUp(broken);
    assert.deepEqual([(await broken.info(id)).Status, (await broken.info(id)).ErrorCode], ['Error', 'C-9999']);
    broken.close();
  });

  test('signs no org up for a record that Apex saves', async () => {
    const hub = openHub();
    assert.equal(hub.org.executeAnonymous("insert new ScratchOrgInfo(Edition = 'Developer');").success, true);
    const [row] = await hub.query('SELECT Id FROM ScratchOrgInfo');
    assert.equal((await hub.info(row.Id)).Status, null);
    assert.deepEqual(hub.signups, []);
    hub.close();
  });

  test('has lost its orgs after a restart, and says so', async () => {
    const data = join(tmpdir(), `local-org-hub-${process.pid}.db`);
    const hub = openHub({}, data);
    const { id } = await signUp(hub);
    await hub.info(id);
    hub.close();
    const again = openHub({}, data);
    assert.equal((await again.info(id)).Status, 'Deleted');
    assert.equal((await again.query('SELECT Id FROM ActiveScratchOrg')).length, 0);
    again.close();
    for (const path of [data, `${data}-wal`, `${data}-shm`]) rmSync(path, { force: true });
  });
});

describe('a scratch org', () => {
  const signup: ScratchSignup = {
    username: 'admin@scratch.example',
    orgName: 'Tests',
    edition: 'Developer',
    adminEmail: null,
    country: null,
    language: null,
    expiresAt: START + DAY,
    authorization: {
      code: 'once',
      consumerKey: 'PlatformCLI',
      callbackUrl: 'http://localhost/cb',
      username: 'admin@scratch.example',
    },
    connectedApps: [],
  };
  const token = async (at: TestOrg, parameters: Record<string, string>): Promise<any> => {
    const response = await at.org.handle({
      method: 'POST',
      url: '/services/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: '127.0.0.1' },
      body: new URLSearchParams(parameters).toString(),
    });
    return JSON.parse(response.body);
  };
  const code = {
    grant_type: 'authorization_code',
    code: 'once',
    client_id: 'PlatformCLI',
    redirect_uri: 'http://localhost/cb',
  };

  test('tells clients that it is one', async () => {
    const at = openOrg({ scratch: signup });
    const [organization] = await at.query(
      'SELECT Name, IsSandbox, TrialExpirationDate, OrganizationType FROM Organization',
    );
    assert.deepEqual(
      [organization.Name, organization.IsSandbox, organization.OrganizationType],
      ['Tests', true, 'Developer Edition'],
    );
    assert.equal(organization.TrialExpirationDate, '2026-03-03T08:00:00.000+0000');
    const { body } = await at.send('GET', '/tooling/query?q=SELECT+Id+FROM+SourceMember');
    assert.equal(body.totalSize, 0);
    at.close();
  });

  test('takes the code of its signup once, and the refresh token of its client from then on', async () => {
    const at = openOrg({ scratch: signup });
    assert.equal((await token(at, { ...code, redirect_uri: 'http://elsewhere/' })).error, 'redirect_uri_mismatch');
    assert.equal((await token(at, { ...code, client_id: 'other' })).error, 'invalid_client_id');
    const first = await token(at, code);
    assert.equal((await at.send('GET', '/limits', undefined, first.access_token)).status, 200);
    assert.equal((await token(at, code)).error, 'invalid_grant');
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token, client_id: 'PlatformCLI' };
    const second = await token(at, refresh);
    assert.equal((await at.send('GET', '/limits', undefined, second.access_token)).status, 200);
    assert.equal((await token(at, { ...refresh, client_id: 'other' })).error, 'invalid_grant');
    at.close();
  });
});
