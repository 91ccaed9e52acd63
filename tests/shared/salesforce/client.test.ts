import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UnreadableAnswer } from '../../../src/shared/expected.ts';
import { BudgetSpent, SalesforceClient, type RequestToSalesforce } from '../../../src/shared/salesforce/client.ts';
import { SalesforceError } from '../../../src/shared/salesforce/errors.ts';
import { API_VERSION } from '../../../src/shared/salesforce/version.ts';

const DATA = `/services/data/v${API_VERSION}`;

/** A client against scripted answers; what it asked for is in `asked`. */
const clientOf = (
  answers: unknown[],
  { budget, sends = 1 }: { budget?: number; sends?: number } = {},
): { client: SalesforceClient; asked: RequestToSalesforce[] } => {
  const asked: RequestToSalesforce[] = [];
  const client = new SalesforceClient(
    async (request, onAgain) => {
      asked.push(request);
      for (let again = 1; again < sends; again++) onAgain?.();
      return answers.shift() as never;
    },
    API_VERSION,
    budget,
  );
  return { client, asked };
};

const page = (ids: string[], nextRecordsUrl?: string): object => ({
  done: nextRecordsUrl === undefined,
  records: ids.map((Id) => ({ Id })),
  ...(nextRecordsUrl === undefined ? {} : { nextRecordsUrl }),
});
const part = (referenceId: string, body: unknown, httpStatusCode = 200): object => ({
  referenceId,
  httpStatusCode,
  body,
});
const composite = (...parts: object[]): object => ({ compositeResponse: parts });
const INVALID_FIELD = [{ errorCode: 'INVALID_FIELD', message: "No such column 'X'" }];

describe('the client of Salesforce', () => {
  it('reads a query page by page, a call each', async () => {
    const { client, asked } = clientOf([page(['1'], '/next'), page(['2'])]);
    assert.deepEqual(await client.query('SELECT Id FROM Case'), [{ Id: '1' }, { Id: '2' }]);
    assert.deepEqual(
      asked.map(({ url }) => url),
      [`${DATA}/query?q=SELECT%20Id%20FROM%20Case`, '/next'],
    );
    assert.equal(client.calls, 2);
  });

  it('asks for no further page when all that can be there are read', async () => {
    const { client } = clientOf([page(['1', '2'], '/next')]);
    assert.equal((await client.query('SELECT Id FROM Case', 2)).length, 2);
    assert.equal(client.calls, 1);
  });

  it('takes no page for whole that says of more rows without having any, or where they are', async () => {
    for (const answer of [page([], '/next'), { done: false, records: [{ Id: '1' }] }])
      await assert.rejects(clientOf([answer]).client.query('SELECT Id FROM Case'), UnreadableAnswer);
  });

  it('sends five queries in a call, and the rest of a page in one more', async () => {
    const names = ['q0', 'q1', 'q2', 'q3', 'q4'];
    const { client } = clientOf([
      composite(...names.map((name) => part(name, page([name], name === 'q3' ? '/next' : undefined)))),
      page(['more']),
      composite(part('q0', page(['sixth']))),
    ]);
    const rows = await client.composite(['a', 'b', 'c', 'd', 'e', 'f']);
    assert.deepEqual(
      rows.map((found) => found.map(({ Id }) => Id)),
      [['q0'], ['q1'], ['q2'], ['q3', 'more'], ['q4'], ['sixth']],
    );
    assert.equal(client.calls, 3);
  });

  it('keeps Salesforce’s own words of a query that failed', async () => {
    const { client } = clientOf([composite(part('q0', INVALID_FIELD, 400))]);
    await assert.rejects(client.composite(['a']), /^Error: INVALID_FIELD: No such column 'X'$/);
  });

  it('takes parts by their names, not by their places', async () => {
    const { client } = clientOf([composite(part('q1', page(['second'])), part('q0', page(['first'])))]);
    assert.deepEqual(await client.composite(['a', 'b']), [[{ Id: 'first' }], [{ Id: 'second' }]]);
  });

  it('lets a query and an update fail by themselves', async () => {
    const { client, asked } = clientOf([
      composite(
        part('good', page(['1'])),
        part('bad', INVALID_FIELD, 400),
        part('note', [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'x' }], 400),
      ),
    ]);
    const update = { referenceId: 'note', record: 'Account/001', values: { Name: 'a' } };
    const { pages, notUpdated } = await client.pages({ good: 'a', bad: 'b' }, update);
    assert.deepEqual(pages.good, page(['1']));
    assert.ok(pages.bad instanceof SalesforceError);
    assert.deepEqual([pages.bad.errorCode, pages.bad.status], ['INVALID_FIELD', 400]);
    assert.equal(notUpdated?.errorCode, 'UNABLE_TO_LOCK_ROW');
    assert.deepEqual(asked[0]!.body, {
      allOrNone: false,
      compositeRequest: [
        { method: 'GET', referenceId: 'good', url: `${DATA}/query?q=a` },
        { method: 'GET', referenceId: 'bad', url: `${DATA}/query?q=b` },
        { method: 'PATCH', referenceId: 'note', url: `${DATA}/sobjects/Account/001`, body: { Name: 'a' } },
      ],
    });
  });

  it('sends at most five queries as named pages', async () => {
    const queries = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, name]));
    const { client } = clientOf([]);
    await assert.rejects(client.pages(queries), /at most 5 queries, not 6/);
    assert.equal(client.calls, 0);
  });

  it('makes no call above its budget, nor above the bound of a part of the work', async () => {
    const { client, asked } = clientOf([], { budget: 2 });
    const spent = new Error('spent');
    const two = async (): Promise<void> => {
      await client.get('/limits');
      await client.get('/limits');
    };
    await assert.rejects(
      client.within(1, () => spent, two),
      (error) => error === spent,
    );
    await client.get('/limits');
    await assert.rejects(client.get('/limits'), BudgetSpent);
    assert.deepEqual([client.calls, asked.length], [2, 2]);
  });

  it('counts each time that a request was sent', async () => {
    const { client } = clientOf([{}], { sends: 2 });
    await client.get('/limits');
    assert.equal(client.calls, 2);
  });
});
