import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayBeDuplicate, tellDuplicates, type Told } from '../../../src/reconciliation/find/duplicates.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import type { CaseKind, CaseState, RegistryState } from '../../../src/flows/cases/compared/types.ts';
import type { Compared, ExternalRequest } from '../../../src/reconciliation/types.ts';

const NOW = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const OLD = NOW - 60 * MINUTE;
const [CASE_A, CASE_B] = ['500000000000001AAA', '500000000000002AAA'];

interface CaseRow {
  Id: string;
  Sync_Key__c: string | null;
  at?: number;
}
interface RecordRow {
  externalId: string;
  key: string;
  at?: number;
  deleted?: boolean;
}

/** Both sides as they stand; what is asked of each is noted. */
const sides = (
  cases: CaseRow[],
  records: RecordRow[],
): { salesforce: SalesforceClient; external: ExternalRequest; asked: unknown[] } => {
  const asked: unknown[] = [];
  const answer = (soql: string): unknown => {
    const named = [...soql.matchAll(/'([^']*)'/g)].map(([, value]) => value);
    const rows = cases.filter(({ Id, Sync_Key__c: key }) =>
      soql.includes('WHERE Id IN') ? named.includes(Id.slice(0, 15)) : named.includes(key ?? ''),
    );
    return {
      records: rows.map(({ at = OLD, ...row }) => ({ ...row, SystemModstamp: new Date(at).toISOString() })),
      done: true,
    };
  };
  const salesforce = new SalesforceClient(<T>({ body }: { body?: unknown }) => {
    const { compositeRequest } = body as { compositeRequest: { url: string; referenceId: string }[] };
    return Promise.resolve({
      compositeResponse: compositeRequest.map(({ url, referenceId }) => ({
        referenceId,
        httpStatusCode: 200,
        body: answer(decodeURIComponent(url.split('q=')[1]!)),
      })),
    } as T);
  }, '67.0');
  const external = ((_method: string, _path: string, body: { keys?: string[]; externalIds?: string[] }) => {
    asked.push(body);
    const found = records.filter(
      ({ key, externalId }) => body.keys?.includes(key) || body.externalIds?.includes(externalId),
    );
    return Promise.resolve({
      cases: found.map(({ at = OLD, deleted = false, ...row }) => ({
        ...row,
        revision: 1,
        syncStatus: 'Success',
        values: {},
        updatedAt: new Date(at).toISOString(),
        deletedAt: deleted ? 'then' : null,
        salesforceDeletion: null,
      })),
    });
  }) as ExternalRequest;
  return { salesforce, external, asked };
};

const compared = (
  kind: CaseKind,
  key: string,
  salesforce: Partial<CaseState> | null,
  external: Partial<RegistryState> | null,
): Compared => ({
  discrepancy: { kind, key, recordId: null, externalId: null, fields: [], detail: 'as classified' },
  salesforce: salesforce && ({ id: CASE_A, key, externalId: null, ...salesforce } as CaseState),
  external:
    external && ({ externalId: 'SR-A', key, salesforceCaseId: null, originCaseId: null, ...external } as RegistryState),
});

/** As the reconciliation does it: only suspects are looked at further. */
const told = async (
  findings: Compared[],
  cases: CaseRow[],
  records: RecordRow[],
): Promise<Told & { calls: number; asked: unknown[] }> => {
  const { salesforce, external, asked } = sides(cases, records);
  const times = { now: NOW, graceMs: 15 * MINUTE, latest: NOW + 15 * MINUTE };
  const ports = { compared: comparedCase, salesforce, external, ...times, pairs: new Set<string>() };
  return {
    ...(await tellDuplicates(
      findings.filter((finding) => mayBeDuplicate(finding, comparedCase)),
      ports,
    )),
    calls: salesforce.calls,
    asked,
  };
};

const copy = (more: Partial<RegistryState> = { salesforceCaseId: CASE_B }): Compared =>
  compared('missing in Salesforce', 'a', null, more);
const alone = (kind: CaseKind = 'missing outside'): Compared => compared(kind, 'a', { externalId: 'SR-B' }, null);
const caseB: CaseRow = { Id: CASE_B, Sync_Key__c: 'b' };
const recordB: RecordRow = { externalId: 'SR-B', key: 'b' };
const TWO_RECORDS = `the external records SR-A and SR-B both stand for the Case ${CASE_B}, which has the key b`;
const TWO_CASES = `the Cases ${CASE_A} and ${CASE_B} both stand for the external record SR-B, which has the key b`;

describe('a finding that names a counterpart which has another key is a duplicate', () => {
  for (const [name, finding, cases, records, expected] of [
    ['a copied record holds the Case id of the first', copy(), [caseB], [recordB], TWO_RECORDS],
    [
      'a copied record holds it in 15 characters',
      copy({ salesforceCaseId: CASE_B.slice(0, 15) }),
      [caseB],
      [recordB],
      TWO_RECORDS,
    ],
    ['a copied record holds the origin of the first', copy({ originCaseId: CASE_B }), [caseB], [recordB], TWO_RECORDS],
    [
      'a record has another key than its Case',
      copy(),
      [caseB],
      [],
      `the external record SR-A stands for the Case ${CASE_B}, which has another key, b, that no external record has`,
    ],
    [
      'the first record was deleted',
      copy(),
      [caseB],
      [{ ...recordB, deleted: true }],
      `the external record SR-A stands for the Case ${CASE_B}, which has another key, b, that no external record has`,
    ],
    ['a Case holds the external id of another', alone(), [caseB], [recordB], TWO_CASES],
    ['a Case that was never registered does', alone('stuck in progress'), [caseB], [recordB], TWO_CASES],
    [
      'a Case holds the external id of a record without one',
      alone(),
      [],
      [recordB],
      `the Case ${CASE_A} stands for the external record SR-B, which has another key, b, that no Case has`,
    ],
    [
      'a record holds the Case id of another, and has a Case',
      compared('lost write-back', 'a', {}, { salesforceCaseId: CASE_B }),
      [{ Id: CASE_A, Sync_Key__c: 'a' }, caseB],
      [recordB],
      TWO_RECORDS,
    ],
  ] as [string, Compared, CaseRow[], RecordRow[], string][]) {
    it(name, async () => {
      const {
        compared: [only, ...others],
        inFlight,
        calls,
      } = await told([finding], cases, records);
      assert.deepEqual([others, inFlight], [[], []]);
      assert.equal(only!.discrepancy.kind, 'duplicate');
      assert.equal(only!.discrepancy.detail, expected);
      assert.ok(only!.discrepancy.detail.length <= 255, 'what the org can store');
      assert.ok(calls <= 1, 'Cases are read in one call');
    });
  }
});

describe('a finding stays what it is', () => {
  for (const [name, finding, cases, records] of [
    ['when the Case that is named is gone', copy(), [], [recordB]],
    ['when the Case that is named has no key', copy(), [{ Id: CASE_B, Sync_Key__c: null }], []],
    ['when the Case id is that of a Case with its own key', copy(), [{ Id: CASE_B, Sync_Key__c: 'a' }], []],
    ['when the record that is named is gone', alone(), [caseB], []],
    ['when the record that is named is deleted', alone(), [caseB], [{ ...recordB, deleted: true }]],
  ] as [string, Compared, CaseRow[], RecordRow[]][]) {
    it(name, async () => assert.deepEqual((await told([finding], cases, records)).compared, [finding]));
  }
});

describe('what needs no further look gets none', () => {
  for (const [name, finding] of [
    ['a record that names no Case', copy({})],
    ['a record that names no Case id that there can be', copy({ salesforceCaseId: "500' OR Id != '" })],
    ['a Case that names no record', compared('missing outside', 'a', {}, null)],
    [
      'a record that names its own Case',
      compared('version skew', 'a', { externalId: 'SR-A' }, { salesforceCaseId: CASE_A }),
    ],
    [
      'a record with a Case of its own that keeps the origin of a copy',
      compared('lost write-back', 'a', {}, { originCaseId: CASE_B }),
    ],
    ['what a person decides anyway', compared('orphaned by deletion', 'a', null, { salesforceCaseId: CASE_B })],
  ] as [string, Compared][]) {
    it(name, () => assert.equal(mayBeDuplicate(finding, comparedCase), false));
  }

  it('no call is made when nothing is suspected', async () => {
    const { calls, asked } = await told([copy({})], [caseB], [recordB]);
    assert.deepEqual([calls, asked], [0, []]);
  });
});

describe('the fence', () => {
  const recently = NOW - MINUTE;
  it('a Case that moved within grace may still be given its key', async () => {
    assert.deepEqual((await told([copy()], [{ ...caseB, at: recently }], [])).inFlight, ['a']);
  });
  it('so may a record', async () => {
    assert.deepEqual((await told([alone()], [], [{ ...recordB, at: recently }])).inFlight, ['a']);
  });
});

it('a Case and a record that name each other under two keys are told once', async () => {
  const record = compared('missing in Salesforce', 'a', null, { salesforceCaseId: CASE_B });
  const row = compared('missing outside', 'b', { id: CASE_B, externalId: 'SR-A' }, null);
  const { compared: findings, calls } = await told([record, row], [caseB], [{ externalId: 'SR-A', key: 'a' }]);
  assert.deepEqual(
    findings.map(({ discrepancy: { kind, key, recordId, externalId } }) => [kind, key, recordId, externalId]),
    [['duplicate', 'a', CASE_B, 'SR-A']],
  );
  assert.equal(calls, 1);
});

it('a thousand suspects cost one call', async () => {
  const suspects = Array.from({ length: 1000 }, (_, i) =>
    compared('missing in Salesforce', `k${i}`, null, { salesforceCaseId: `500${String(i).padStart(12, '0')}` }),
  );
  const { calls, compared: findings } = await told(suspects, [], []);
  assert.deepEqual([calls, findings.length], [1, 1000]);
});
