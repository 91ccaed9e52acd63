import assert from 'node:assert/strict';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { json, TransportError, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import { BatchRefused, TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import type { SalesforceAuth } from '../../src/shared/salesforce/login.ts';
import { IntegrationClient } from '../../src/middle-layer/clients/salesforce/integration-client.ts';

const NOW = Date.parse('2026-11-21T07:30:00Z');
const TOKEN: SalesforceAuth = { kind: 'accessToken', accessToken: '00D000000000001!x' };
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const JWT: SalesforceAuth = {
  kind: 'jwt',
  clientId: 'client',
  username: 'integration@example.com',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  loginUrl: 'http://login',
};

/** A client against scripted answers; what it sent is in `sent`. */
const client = (
  auth: SalesforceAuth,
  ...answers: (HttpResponse | Error)[]
): { rest: IntegrationClient; sent: HttpRequest[] } => {
  const sent: HttpRequest[] = [];
  const transport = async (request: HttpRequest): Promise<HttpResponse> => {
    sent.push(request);
    const answer = answers.shift() ?? new TransportError('no more answers');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    sent,
    rest: new IntegrationClient({ instanceUrl: 'http://org/', auth, transport, clock: new ManualClock(NOW) }),
  };
};
const error = (status: number, errorCode: string, message = 'text', headers = {}): HttpResponse =>
  json(status, [{ errorCode, message }], headers);
const session = (token: string): HttpResponse =>
  json(200, { access_token: token, instance_url: 'http://org', id: 'x' });

describe('the REST client', () => {
  it('logs in by a signed assertion with audience, subject and expiry', async () => {
    const { rest, sent } = client(JWT, session('t1'), json(200, { ok: 1 }));
    assert.deepEqual(await rest.call('GET', '/path'), { ok: 1 });
    assert.equal(sent[0]!.url, 'http://login/services/oauth2/token');
    const form = new URLSearchParams(sent[0]!.body);
    assert.equal(form.get('grant_type'), 'urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header, claims, signature] = form.get('assertion')!.split('.') as [string, string, string];
    assert.deepEqual(JSON.parse(Buffer.from(claims, 'base64url').toString()), {
      iss: 'client',
      sub: 'integration@example.com',
      aud: 'http://login',
      exp: NOW / 1000 + 180,
    });
    assert.ok(createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(publicKey, signature, 'base64url'));
    assert.equal(sent[1]!.headers.authorization, 'Bearer t1');
  });

  it('logs in again once after a 401, and gives up after the second', async () => {
    const { rest, sent } = client(JWT, session('t1'), error(401, 'INVALID_SESSION_ID'), session('t2'), json(200, {}));
    await rest.call('GET', '/path');
    assert.equal(sent.at(-1)!.headers.authorization, 'Bearer t2');
    const refused = client(TOKEN, error(401, 'INVALID_SESSION_ID'), error(401, 'INVALID_SESSION_ID'));
    await assert.rejects(
      refused.rest.call('GET', '/path'),
      (caught) => caught instanceof TargetUnavailable && caught.code === 'INVALID_SESSION_ID',
    );
  });

  it('logs in by the clock of Salesforce where its own is an hour off, and asks once where it is not', async () => {
    const expiry = ({ body }: HttpRequest): number =>
      JSON.parse(Buffer.from(new URLSearchParams(body).get('assertion')!.split('.')[1]!, 'base64url').toString()).exp;
    const refusal = (date: string): HttpResponse =>
      json(400, { error: 'invalid_grant', error_description: 'expired authorization code' }, { date });
    for (const theirs of [NOW + 3_600_000, NOW - 3_600_000]) {
      const { rest, sent } = client(JWT, refusal(new Date(theirs).toUTCString()), session('t1'), json(200, { ok: 1 }));
      assert.deepEqual(await rest.call('GET', '/path'), { ok: 1 });
      assert.equal(expiry(sent[1]!), Math.floor(theirs / 1000) + 180);
    }
    for (const date of [new Date(NOW + 30_000).toUTCString(), 'today', '']) {
      const { rest, sent } = client(JWT, refusal(date), session('t1'));
      await assert.rejects(rest.call('GET', '/path'), /expired authorization code/);
      assert.equal(sent.length, 1, date);
    }
  });

  it('says what to do when it may not log in', async () => {
    const { rest } = client(
      JWT,
      json(400, { error: 'invalid_grant', error_description: "user hasn't approved this consumer" }),
    );
    await assert.rejects(
      rest.call('GET', '/path'),
      (caught) =>
        caught instanceof TargetUnavailable &&
        caught.code === 'LOGIN_INVALID_GRANT' &&
        /approved.*pre-authorised/.test(caught.message),
    );
  });

  it('knows its org from the session id, else from userinfo', async () => {
    assert.equal(await client(TOKEN).rest.orgId(), '00D000000000001');
    const { rest } = client(
      { kind: 'accessToken', accessToken: 'opaque' },
      json(200, { organization_id: '00D000000000002AAA' }),
    );
    assert.equal(await rest.orgId(), '00D000000000002AAA');
  });

  it('counts its API calls', async () => {
    const { rest } = client(TOKEN, json(200, {}), json(200, {}));
    await rest.call('GET', '/a');
    await rest.call('GET', '/b');
    assert.equal(rest.takeCallCount(), 2);
    assert.equal(rest.takeCallCount(), 0);
  });

  const unavailable: [string, HttpResponse | Error, string, number?][] = [
    ['no answer', new TransportError('reset'), 'NO_ANSWER'],
    ['a 503', json(503, 'maintenance'), 'HTTP_503'],
    [
      'a 503 that says when',
      error(503, 'SERVER_UNAVAILABLE', 'x', { 'retry-after': '7' }),
      'SERVER_UNAVAILABLE',
      7_000,
    ],
    ['the daily limit', error(403, 'REQUEST_LIMIT_EXCEEDED'), 'REQUEST_LIMIT_EXCEEDED'],
    ['a pause', json(503, { errorCode: 'PAUSED', message: 'x', retryable: true }), 'PAUSED'],
    ['a missing class', error(404, 'NOT_FOUND'), 'NOT_FOUND'],
    ['a missing permission', error(403, 'INSUFFICIENT_ACCESS'), 'INSUFFICIENT_ACCESS'],
    ['something in between that is not Salesforce', { status: 200, headers: {}, body: '<html>' }, 'UNREADABLE_ANSWER'],
  ];
  for (const [what, answer, code, retryAfterMs] of unavailable) {
    it(`takes ${what} as the org being unavailable`, async () => {
      await assert.rejects(client(TOKEN, answer).rest.call('POST', '/path', {}), (caught) => {
        assert.ok(caught instanceof TargetUnavailable, String(caught));
        assert.deepEqual([caught.code, caught.retryAfterMs], [code, retryAfterMs]);
        return true;
      });
    });
  }

  const refused: [string, HttpResponse, string, boolean][] = [
    [
      'a bad request',
      json(400, { errorCode: 'BAD_REQUEST', message: 'records[3].key is missing', retryable: false }),
      'BAD_REQUEST',
      false,
    ],
    [
      'an Apex exception',
      error(500, 'APEX_ERROR', 'System.LimitException: Apex CPU time limit exceeded'),
      'LimitException',
      false,
    ],
    [
      'a row lock of the whole call',
      error(500, 'APEX_ERROR', 'System.DmlException: UNABLE_TO_LOCK_ROW'),
      'DmlException',
      true,
    ],
    [
      'a row that a query of Apex waited for in vain',
      error(500, 'APEX_ERROR', 'System.QueryException: Record Currently Unavailable: it is being modified'),
      'QueryException',
      true,
    ],
    [
      'a row lock within a failure of the host',
      error(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'caused by: unable to obtain exclusive access to this record'),
      'UNABLE_TO_LOCK_ROW',
      true,
    ],
  ];
  for (const [what, answer, code, retryable] of refused) {
    it(`takes ${what} as a word about the batch`, async () => {
      await assert.rejects(client(TOKEN, answer).rest.call('POST', '/path', {}), (caught) => {
        assert.ok(caught instanceof BatchRefused, String(caught));
        assert.deepEqual([caught.code, caught.retryable], [code, retryable]);
        return true;
      });
    });
  }
});
