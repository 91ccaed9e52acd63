import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUnsettledKeys } from '../../../src/reconciliation/sides/salesforce-records.ts';
import { partsOf } from '../../../src/reconciliation/types.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';

const PARTS = 250;
const COUNT = /^SELECT COUNT\(Id\) n /;

/** An org that counts so many of each condition in its sample, and has one row for each other query. */
const orgWith = (sampled: number[]): { client: SalesforceClient; asked: string[] } => {
  const asked: string[] = [];
  const answerTo = (soql: string): object => {
    asked.push(soql);
    if (!COUNT.test(soql)) return { done: true, records: [{ Sync_Key__c: `key ${asked.length}` }] };
    return {
      done: true,
      records: [{ n: sampled[comparedCase.inside.unsettled.findIndex((where) => soql.endsWith(where))] }],
    };
  };
  const client = new SalesforceClient(async <T>({ body }: { body?: unknown }): Promise<T> => {
    const { compositeRequest } = body as { compositeRequest: { referenceId: string; url: string }[] };
    return {
      compositeResponse: compositeRequest.map(({ referenceId, url }) => ({
        referenceId,
        httpStatusCode: 200,
        body: answerTo(new URL(url, 'http://org').searchParams.get('q')!),
      })),
    } as T;
  }, '67.0');
  return { client, asked };
};

const read = async (client: SalesforceClient, parts?: number): Promise<string[]> => {
  const found: string[] = [];
  for await (const keys of readUnsettledKeys(client, comparedCase, parts)) found.push(...keys);
  return found;
};

test('few unsettled records are found by what they share', async () => {
  const { client, asked } = orgWith([100, 3]);
  assert.equal((await read(client, PARTS)).length, 2);
  const [first, second] = asked.filter((soql) => !COUNT.test(soql));
  assert.ok(first!.endsWith(`WHERE ${comparedCase.inside.unsettled[0]}`));
  assert.ok(second!.endsWith(`WHERE ${comparedCase.inside.unsettled[1]}`));
});

test('more than an index finds by one value are found part by part of the keys', async () => {
  const { client, asked } = orgWith([5_000, 3]);
  assert.equal(new Set(await read(client, PARTS)).size, PARTS + 1);
  for (const { from, to } of partsOf(PARTS))
    assert.equal(
      asked.filter((soql) => soql.includes(`Digest_K1__c >= ${from} AND Digest_K1__c < ${to} AND `)).length,
      1,
    );
  assert.equal(client.calls, 1 + Math.ceil((PARTS + 1) / 5), 'five in a call');
});

test('a small object is not counted first', async () => {
  const { client, asked } = orgWith([5_000, 5_000]);
  await read(client);
  assert.equal(asked.length, 2);
});
