import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, request } from './org-fixture.ts';

describe('Apex REST', () => {
  const fixture = orgWith({
    'Things.cls': `@RestResource(urlMapping='/v1/things/*')
global class Things {
  global class Line { public String name; public Decimal amount; public Date due; }
  global class Answer { public Integer count; public Decimal total; public String who; }
  @HttpPost global static Answer add(List<Line> lines, String who) {
    Answer result = new Answer();
    result.count = lines.size();
    result.total = 0;
    for (Line line : lines) result.total += line.amount;
    result.who = who;
    insert new Account(Name = 'rest ' + who);
    if (who == 'fail') throw new IllegalArgumentException('refused');
    return result;
  }
  @HttpGet global static void show() {
    RestContext.response.addHeader('X-Path', RestContext.request.requestURI + ' ' + RestContext.request.resourcePath);
    RestContext.response.statusCode = 202;
    RestContext.response.responseBody = Blob.valueOf('{"q":"' + RestContext.request.params.get('q') + '","m":"' + RestContext.request.httpMethod + '"}');
  }
  @HttpPut global static void raw() {
    RestContext.response.responseBody = RestContext.request.requestBody;
  }
}`,
    'Exact.cls': `@RestResource(urlMapping='/v1/things/exact')
global class Exact { @HttpGet global static String show() { return 'exact'; } }`,
  });
  after(() => fixture.close());
  const call = (method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> =>
    request(fixture, method, `/services/apexrest/v1/${path}`, body);

  test('the body becomes typed parameters by name, the result JSON', async () => {
    const { status, body } = await call('POST', 'things', {
      who: 'me',
      lines: [
        { name: 'a', amount: 1.25, due: '2026-01-02' },
        { name: 'b', amount: 2 },
      ],
    });
    assert.deepEqual([status, body], [200, { count: 2, total: 3.25, who: 'me' }]);
  });

  test('RestContext: path, parameters, status, headers, body', async () => {
    const response = await fixture.org.handle({
      method: 'GET',
      url: '/services/apexrest/v1/things/7/x?q=a%20b',
      headers: { authorization: `Bearer ${fixture.org.info.accessToken}` },
      body: '',
    });
    assert.equal(response.status, 202);
    assert.equal(response.headers['x-path'], '/v1/things/7/x /services/apexrest/v1/things/*');
    assert.deepEqual(JSON.parse(response.body), { q: 'a b', m: 'GET' });
    assert.deepEqual((await call('PUT', 'things/1', { any: [1] })).body, { any: [1] });
  });

  test('an exact mapping goes before a wildcard', async () =>
    assert.equal((await call('GET', 'things/exact')).body, 'exact'));

  test('an exception answers 500 APEX_ERROR with its trace, and rolls back', async () => {
    const { status, body } = await call('POST', 'things', { who: 'fail', lines: [] });
    assert.equal(status, 500);
    assert.deepEqual(body, [
      {
        errorCode: 'APEX_ERROR',
        message: 'System.IllegalArgumentException: refused\n\nClass.Things.add: line 12, column 1',
      },
    ]);
    assert.deepEqual(await query(fixture, "SELECT Id FROM Account WHERE Name = 'rest fail'"), []);
  });

  const REFUSED: [what: string, method: string, path: string, body: unknown, status: number, code: string][] = [
    ['an unknown path', 'GET', 'nothing', undefined, 404, 'NOT_FOUND'],
    ['a verb without a method', 'PATCH', 'things', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['an unknown member', 'POST', 'things', { whom: 1 }, 400, 'JSON_PARSER_ERROR'],
    ['a value of another type', 'POST', 'things', { who: 'me', lines: 7 }, 400, 'JSON_PARSER_ERROR'],
    ['a body that is no object', 'POST', 'things', [1], 400, 'JSON_PARSER_ERROR'],
  ];
  for (const [what, method, path, given, status, code] of REFUSED) {
    test(`${what} answers ${status} ${code}`, async () => {
      const answer = await call(method, path, given);
      assert.deepEqual([answer.status, answer.body[0].errorCode], [status, code]);
    });
  }
});
