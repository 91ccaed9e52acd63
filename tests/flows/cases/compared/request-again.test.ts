import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestAgain, type CaseAsSeen } from '../../../../src/flows/cases/compared/request-again.ts';
import { SalesforceClient } from '../../../../src/shared/salesforce/client.ts';

const seen = (key: string): CaseAsSeen => ({ key, version: 2, attempt: 1 });

/** An org that answers with `outcomes` by key, REQUESTED otherwise. */
const org = (outcomes: Record<string, string> = {}): { client: SalesforceClient; calls: CaseAsSeen[][] } => {
  const calls: CaseAsSeen[][] = [];
  const client = new SalesforceClient(<T>({ body }: { body?: unknown }) => {
    const { records } = body as { records: CaseAsSeen[] };
    calls.push(records);
    const results = records.map(({ key }) => {
      const [outcome, errorCode = null] = (outcomes[key] ?? 'REQUESTED').split(' ');
      return { key, outcome, errorCode };
    });
    return Promise.resolve({ results } as T);
  }, '67.0');
  return { client, calls };
};

describe('requesting Cases again', () => {
  it('asks 200 at a time, with version and attempt as they were seen', async () => {
    const { client, calls } = org();
    const problems = await requestAgain(
      client,
      Array.from({ length: 401 }, (_, index) => seen(`key-${index}`)),
    );
    assert.equal(problems.size, 0);
    assert.deepEqual(
      calls.map((records) => records.length),
      [200, 200, 1],
    );
    assert.deepEqual(calls[2], [{ key: 'key-400', version: 2, attempt: 1 }]);
  });

  it('tells of each Case why it was not sent', async () => {
    const { client } = org({ b: 'IGNORED', c: 'NOT_FOUND', d: 'REFUSED UNABLE_TO_LOCK_ROW', e: 'REFUSED BAD_REQUEST' });
    const problems = await requestAgain(client, ['a', 'b', 'c', 'd', 'e'].map(seen));
    assert.deepEqual(
      [...problems],
      [
        ['b', 'the Case has moved on since it was compared; compare again'],
        ['c', 'there is no such Case any more, or this user may not see it'],
        ['d', 'the Case is being saved elsewhere; compare again'],
        ['e', 'Salesforce refused it: BAD_REQUEST'],
      ],
    );
  });
});
