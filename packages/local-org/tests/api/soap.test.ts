import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN } from './support/fake-store.ts';
import { ADMIN_TOKEN, fakeOrg } from './support/fake-org.ts';

const envelope = (body: string, header = ''): string =>
  `<?xml version="1.0"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header>${header}</env:Header><env:Body>${body}</env:Body></env:Envelope>`;
const session = `<cmd:SessionHeader><cmd:sessionId>${ADMIN_TOKEN}</cmd:sessionId></cmd:SessionHeader>`;

test('login by username and password opens a session', async () => {
  const org = fakeOrg({ passwords: { [ADMIN.username]: 'a<b' } });
  const login = (password: string) =>
    org.send('POST', '/services/Soap/u/67.0', {
      token: null,
      body: envelope(
        `<login xmlns="urn:partner.soap.sforce.com"><username>${ADMIN.username.toUpperCase()}</username><password>${password}</password></login>`,
      ),
    });
  const { status, body } = await login('a&lt;b');
  assert.equal(status, 200);
  const token = /<sessionId>([^<]+)</.exec(body)![1]!;
  assert.match(body, new RegExp(`<serverUrl>http://org.test/services/Soap/u/67.0/${org.store.orgId}<`));
  assert.equal((await org.send('GET', '/services/data/v67.0/limits', { token })).status, 200);
  const refused = await login('wrong');
  assert.equal(refused.status, 500);
  assert.match(refused.body, /<faultstring>INVALID_LOGIN: /);
});

test('executeAnonymous answers the log in the header', async () => {
  const { status, body } = await fakeOrg().send('POST', '/services/Soap/s/67.0/00D000000000001', {
    body: envelope(
      '<executeAnonymous xmlns="http://soap.sforce.com/2006/08/apex"><apexcode>a &amp;&amp; b</apexcode></executeAnonymous>',
      session,
    ),
  });
  assert.equal(status, 200);
  assert.match(body, /<soapenv:Header><DebuggingInfo><debugLog>ran &lt;a &amp;&amp; b&gt;<\/debugLog>/);
  assert.match(body, /<success>true<\/success>/);
});

test('other methods, other bodies and ended sessions are faults', async () => {
  const org = fakeOrg();
  const send = async (body: string): Promise<string> =>
    (await org.send('POST', '/services/Soap/s/67.0/x', { body })).body;
  assert.match(
    await send(envelope('<compileClasses/>', session)),
    /UNSUPPORTED_API_VERSION: the SOAP method compileClasses/,
  );
  assert.match(await send(envelope('<executeAnonymous/>')), /INVALID_SESSION_ID/);
  assert.match(await send('no xml'), /not a SOAP message/);
});
