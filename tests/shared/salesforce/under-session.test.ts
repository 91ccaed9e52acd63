import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { json, TransportError, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { SalesforceError } from '../../../src/shared/salesforce/errors.ts';
import { underSession } from '../../../src/shared/salesforce/under-session.ts';
import { API_VERSION } from '../../../src/shared/salesforce/version.ts';

const NOW = Date.parse('2026-11-21T07:30:00Z');

/** A client under sessions t1, t2, … against scripted answers. */
const clientOf = (...answers: (HttpResponse | Error)[]): { client: SalesforceClient; sent: HttpRequest[] } => {
  const sent: HttpRequest[] = [];
  let current = 1;
  const send = underSession({
    sessions: {
      session: async () => ({ accessToken: `t${current}`, instanceUrl: 'http://org' }),
      end: ({ accessToken }) => {
        if (accessToken === `t${current}`) current += 1;
      },
    },
    transport: async (request) => {
      sent.push(request);
      const answer = answers.shift() ?? new TransportError('no more answers');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    now: () => NOW,
  });
  return { client: new SalesforceClient(send, API_VERSION), sent };
};
const ended = json(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]);
const tokens = (sent: HttpRequest[]): (string | undefined)[] => sent.map(({ headers }) => headers.authorization);

describe('requests under a session', () => {
  it('are sent once more under a new session after a 401, and both are counted', async () => {
    const { client, sent } = clientOf(ended, json(200, { ok: 1 }));
    assert.deepEqual(await client.post('/path', { a: 1 }), { ok: 1 });
    assert.deepEqual(tokens(sent), ['Bearer t1', 'Bearer t2']);
    assert.deepEqual(
      sent.map(({ body }) => body),
      ['{"a":1}', '{"a":1}'],
    );
    assert.equal(client.calls, 2);
  });

  it('are given up after the second 401', async () => {
    const { client, sent } = clientOf(ended, ended);
    await assert.rejects(
      client.get('/limits'),
      (error) => error instanceof SalesforceError && error.status === 401 && error.errorCode === 'INVALID_SESSION_ID',
    );
    assert.equal(sent.length, 2);
  });

  it('answer a text as it came, with its headers, also after a 401', async () => {
    const { client, sent } = clientOf(ended, { status: 200, headers: { 'sforce-locator': 'null' }, body: 'Id\n"1"\n' });
    assert.deepEqual(await client.text('/jobs/query/750/results'), {
      headers: { 'sforce-locator': 'null' },
      body: 'Id\n"1"\n',
    });
    assert.equal(sent[1]!.headers.accept, 'text/csv');
  });

  it('answer null where Salesforce has nothing to say', async () => {
    const { client } = clientOf({ status: 204, headers: {}, body: '' });
    assert.equal(await client.change('DELETE', '/jobs/query/750'), null);
  });

  const FAILURES: [string, HttpResponse, Partial<SalesforceError>][] = [
    [
      'the platform’s words',
      json(400, [{ errorCode: 'MALFORMED_QUERY', message: 'x' }]),
      { status: 400, errorCode: 'MALFORMED_QUERY', said: 'x', retryable: false },
    ],
    [
      'the words of Apex',
      json(503, { errorCode: 'PAUSED', message: 'y', retryable: true }, { 'retry-after': '7' }),
      { status: 503, errorCode: 'PAUSED', said: 'y', retryable: true, retryAfterMs: 7_000 },
    ],
    [
      'a date to come back',
      json(503, [], { 'retry-after': new Date(NOW + 9_000).toUTCString() }),
      { errorCode: 'HTTP_503', said: null, retryAfterMs: 9_000 },
    ],
    [
      'something in between',
      { status: 200, headers: {}, body: '<html>' },
      { status: 200, errorCode: 'UNREADABLE_ANSWER', said: null },
    ],
  ];
  for (const [what, answer, facts] of FAILURES)
    it(`reject with ${what}`, async () => {
      await assert.rejects(clientOf(answer).client.get('/limits'), (error) => {
        assert.ok(error instanceof SalesforceError, String(error));
        for (const [name, value] of Object.entries(facts))
          assert.equal(error[name as keyof SalesforceError], value, name);
        return true;
      });
    });

  it('reject with the transport’s error when no answer came', async () => {
    await assert.rejects(clientOf(new TransportError('reset')).client.get('/limits'), TransportError);
  });
});
