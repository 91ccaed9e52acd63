import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lookBeside } from '../../../../src/flows/cases/compared/beside.ts';
import { planRepair } from '../../../../src/flows/cases/compared/plan.ts';
import type { CaseKind, CaseState, RegistryState } from '../../../../src/flows/cases/compared/types.ts';
import type { Compared } from '../../../../src/reconciliation/types.ts';
import { SalesforceClient } from '../../../../src/shared/salesforce/client.ts';

const RULE = 'A closed Case may not change.';

const found = (key: string, kind: CaseKind, version = 2): Compared<CaseState, RegistryState, CaseKind> => ({
  discrepancy: { kind, key, recordId: `500${key}`, externalId: null, fields: [], detail: 'as found' },
  salesforce: { id: `500${key}`, key, version } as CaseState,
  external: null,
});

/** An org in which the states of these keys stand beside their Cases, at version 2. */
const org = (...keys: string[]): { client: SalesforceClient; asked: string[] } => {
  const asked: string[] = [];
  const client = new SalesforceClient(async ({ body }) => {
    const { compositeRequest } = body as { compositeRequest: { referenceId: string; url: string }[] };
    return {
      compositeResponse: compositeRequest.map(({ referenceId, url }) => {
        const soql = decodeURIComponent(url.split('?q=')[1]!.replaceAll('+', ' '));
        asked.push(soql);
        const records = keys
          .filter((key) => soql.includes(`'${key}'`))
          .map((key) => ({
            Sync_Key__c: key,
            Version__c: 2,
            Status__c: 'Success',
            Error_Code__c: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
            Error__c: RULE,
          }));
        return { referenceId, httpStatusCode: 200, body: { totalSize: records.length, done: true, records } };
      }),
    } as never;
  }, '67.0');
  return { client, asked };
};

describe('what stands beside a Case', () => {
  it('is a kind of its own, in the words of the rule, and no repair repeats anything', async () => {
    const { client } = org('a');
    const [one, other] = await lookBeside(client, [found('a', 'stuck in progress'), found('b', 'stuck in progress')]);
    assert.deepEqual(
      [one!.discrepancy.kind, one!.discrepancy.detail],
      [
        'state not stored',
        `in truth it is Success; the org refuses to store that: FIELD_CUSTOM_VALIDATION_EXCEPTION: ${RULE}`,
      ],
    );
    assert.equal(planRepair(one!.discrepancy, one!.salesforce, one!.external), null);
    assert.deepEqual(other!.discrepancy, found('b', 'stuck in progress').discrepancy);
  });

  it('speaks of the version that was refused alone', async () => {
    const { client } = org('a');
    const [later] = await lookBeside(client, [found('a', 'stuck in progress', 3)]);
    assert.equal(later!.discrepancy.kind, 'stuck in progress');
  });

  it('is not read for what it cannot explain', async () => {
    const { client, asked } = org('a');
    const deleted = [found('a', 'orphaned by deletion'), { ...found('a', 'failed'), salesforce: null }];
    assert.deepEqual(await lookBeside(client, deleted), deleted);
    assert.deepEqual(asked, []);
  });
});
