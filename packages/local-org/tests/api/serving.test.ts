import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeOrg } from './support/fake-org.ts';

const D = '/services/data/v67.0';

test('collapses the slashes that a trailing slash of the instance URL leaves', async () => {
  const { status } = await fakeOrg().send('GET', `/${D}//limits`);
  assert.equal(status, 200);
});

test('lists versions without a session, and nothing else', async () => {
  const org = fakeOrg();
  assert.equal((await org.send('GET', '/services/data', { token: null })).status, 200);
  for (const url of [D, `${D}/limits`, '/services/apexrest/x']) {
    const response = await org.send('GET', url, { token: null });
    assert.equal(response.status, 401, url);
    assert.equal(response.headers['www-authenticate'], 'Token');
  }
});

test("unknown resources, methods and versions have Salesforce's errors", async () => {
  const org = fakeOrg();
  const errorOf = async (method: string, url: string, headers = {}, body?: unknown): Promise<[number, string]> => {
    const response = await org.send(method, url, { headers, body });
    return [response.status, (JSON.parse(response.body) as { errorCode: string }[])[0]!.errorCode];
  };
  assert.deepEqual(await errorOf('GET', `${D}/nothing`), [404, 'NOT_FOUND']);
  assert.deepEqual(await errorOf('GET', '/services/data/v99.0/limits'), [404, 'NOT_FOUND']);
  assert.deepEqual(await errorOf('GET', '/elsewhere'), [404, 'NOT_FOUND']);
  assert.deepEqual(await errorOf('DELETE', `${D}/limits`), [405, 'METHOD_NOT_ALLOWED']);
  assert.deepEqual(await errorOf('POST', `${D}/composite`, { 'content-type': 'text/csv' }, 'a,b'), [
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ]);
  assert.deepEqual(await errorOf('POST', `${D}/composite`, {}, '{"a":'), [400, 'JSON_PARSER_ERROR']);
});

test('resources that only Salesforce has are refused by name', async () => {
  const org = fakeOrg();
  const cases: [string, string, RegExp][] = [
    [
      'GET',
      '/jobs/query/750000000000001AAA/resultPages',
      /^Parallel results of query jobs is not supported by the local org$/,
    ],
    ['GET', '/jobs/query/750000000000001AAA/resultPages', /^Parallel results of query jobs/],
    ['GET', '/search?q=FIND', /^SOSL search/],
    ['POST', '/composite/graph', /^Composite Graph/],
    ['GET', '/query?explain=x', /^The query plan/],
  ];
  for (const [method, path, message] of cases) {
    const { status, body } = await org.send(method, `${D}${path}`);
    const [error] = JSON.parse(body) as { errorCode: string; message: string }[];
    assert.deepEqual([status, error!.errorCode], [501, 'NOT_IMPLEMENTED'], path);
    assert.match(error!.message, message);
  }
});

test('counts API requests once each, tells the count, and stops at the allocation', async () => {
  const org = fakeOrg({ dailyApiRequests: 3 });
  const first = await org.send('GET', `${D}/limits`);
  assert.equal(first.headers['sforce-limit-info'], 'api-usage=1/3');
  assert.deepEqual(JSON.parse(first.body), {
    DailyApiRequests: { Max: 3, Remaining: 2 },
    DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
    DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
  });
  await org.send('GET', '/services/oauth2/userinfo');
  await org.send('GET', '/services/apexrest/x');
  const { headers } = await org.send('GET', `${D}/limits`);
  assert.equal(headers['sforce-limit-info'], 'api-usage=3/3');
  const refused = await org.send('GET', `${D}/limits`);
  assert.equal(refused.status, 403);
  assert.deepEqual(JSON.parse(refused.body), [
    { message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' },
  ]);
  await org.clock.advance(24 * 3_600_000);
  assert.equal((await org.send('GET', `${D}/limits`)).status, 200);
});

test("answers an injected fault in Salesforce's envelope", async () => {
  const faults = [{ status: 503, code: 'SERVER_UNAVAILABLE', message: 'busy' }];
  const org = fakeOrg({ takeRequestFault: () => faults.pop() ?? null });
  const { status, body } = await org.send('GET', `${D}/limits`);
  assert.equal(status, 503);
  assert.deepEqual(JSON.parse(body), [{ message: 'busy', errorCode: 'SERVER_UNAVAILABLE' }]);
  assert.equal((await org.send('GET', `${D}/limits`)).status, 200);
});

test('a defect of the org is an answer and a log line, not a dropped connection', async () => {
  const events: string[] = [];
  const org = fakeOrg({
    log: (event) => events.push(event),
    apex: {
      rest() {
        throw new TypeError('broken');
      },
    } as never,
  });
  const { status, body } = await org.send('GET', '/services/apexrest/x');
  assert.equal(status, 500);
  assert.match(body, /UNKNOWN_EXCEPTION/);
  assert.deepEqual(events, ['api-defect']);
});

test('HEAD answers without a body', async () => {
  const { status, body } = await fakeOrg().send('HEAD', `${D}/limits`);
  assert.deepEqual([status, body], [200, '']);
});
