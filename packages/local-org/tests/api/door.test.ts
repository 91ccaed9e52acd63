import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAnswer, type BodyRefusal, type HttpResponse } from 'kernel/http.ts';
import { D, widgetOrg } from './support/widget-org.ts';

const { org } = widgetOrg();
const bearer = { authorization: `Bearer ${org.info.accessToken}` };

const admit = (method: string, url: string, headers: Record<string, string> = {}) =>
  org.door.admit({ method, url, headers });

const refused = (method: string, url: string, headers: Record<string, string> = {}): HttpResponse => {
  const verdict = admit(method, url, headers);
  assert.ok(isAnswer(verdict), `${method} ${url} is let in`);
  return verdict;
};

const mostBytes = (method: string, url: string, headers = bearer as Record<string, string>): number => {
  const verdict = admit(method, url, headers);
  assert.ok(!isAnswer(verdict), `${method} ${url} is refused`);
  return verdict.mostBytes;
};

const TOO_LARGE: BodyRefusal = { status: 413, errorCode: 'TOO_LARGE', message: 'too large' };

describe('before a body is read', () => {
  test('a caller without a session is refused in the words of a request without one', async () => {
    for (const path of [`${D}/sobjects/Account`, '/services/apexrest/anything', `${D}/metadata/deployRequest`]) {
      const { status, headers, body } = refused('POST', path, { authorization: 'Bearer 00D!guess' });
      assert.deepEqual([status, headers['www-authenticate']], [401, 'Token']);
      assert.equal(JSON.parse(body)[0].errorCode, 'INVALID_SESSION_ID');
    }
    assert.equal(refused('POST', '/services/nothing', bearer).status, 404);
  });

  test('it may be as large as Salesforce takes it: REST, Apex REST, deployments, forms', () => {
    assert.equal(mostBytes('POST', `${D}/composite/sobjects`), 52_428_800);
    assert.equal(mostBytes('POST', '//services/apexrest/anything?x=1'), 6_000_000);
    assert.ok(mostBytes('POST', `${D}/metadata/deployRequest`) > (39_000_000 / 3) * 4);
    assert.equal(mostBytes('POST', '/services/oauth2/token', {}), 1_000_000);
  });

  test('one that is larger is refused in the words of Salesforce', () => {
    const { status, body } = org.door.refuse!(
      { method: 'POST', url: `${D}/sobjects/Account`, headers: bearer },
      TOO_LARGE,
    );
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(body), [
      {
        message: 'Maximum size of request reached. Maximum size of request is 52428800 bytes.',
        errorCode: 'JSON_PARSER_ERROR',
      },
    ]);
  });

  test('bytes that are no UTF-8 are refused with line and column', () => {
    const wrong = { byte: 0xfc, before: '{\n  "Name": "Gr' };
    const { status, body } = org.door.refuse!(
      { method: 'POST', url: `${D}/sobjects/Account`, headers: bearer },
      { status: 400, errorCode: 'NOT_UTF8', message: 'no UTF-8', wrong },
    );
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(body), [
      { message: 'Invalid UTF-8 byte 0xfc at [line:2, column:14]', errorCode: 'JSON_PARSER_ERROR' },
    ]);
  });

  test('a SOAP message shows its session at the beginning', () => {
    const verdict = admit('POST', '/services/Soap/m/67.0');
    assert.ok(!isAnswer(verdict));
    const { judge } = verdict.beginning!;
    const header = (session: string): string =>
      `<env:Envelope><env:Header><m:SessionHeader><m:sessionId>${session}</m:sessionId></m:SessionHeader></env:Header>`;
    assert.equal(judge(header(org.info.accessToken)), null);
    for (const beginning of [header('00D!guess'), '<env:Envelope><env:Body>', 'x'.repeat(100)]) {
      const answer = judge(beginning)!;
      assert.equal(answer.status, 500);
      assert.match(answer.body, /INVALID_SESSION_ID/);
    }
    assert.ok(mostBytes('POST', '/services/Soap/u/67.0', {}) < 2_000_000, 'a login is small');
  });
});
