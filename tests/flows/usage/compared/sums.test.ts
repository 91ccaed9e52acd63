import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findUnfinishedSeals } from '../../../../src/flows/usage/compared/sealings.ts';
import { findWrongSums } from '../../../../src/flows/usage/compared/sums.ts';
import { SalesforceClient } from '../../../../src/shared/salesforce/client.ts';

const NOW = Date.UTC(2026, 10, 28);
const GRACE = 15 * 60_000;
const TIMES = { now: NOW, graceMs: GRACE, latest: NOW + GRACE };
const CONTRACT = '800000000000001';

interface Line {
  id: string;
  consumed: number;
  count: number;
  sum: number | null;
  entries: number;
  isSealed?: boolean;
  modifiedAt?: number;
}

/** An org that has these lines, a seal of their contract, and seals in progress. */
const orgOf = (
  lines: Line[],
  seal: { entries: number; units: string } | null,
  sealings: object[] = [],
): SalesforceClient => {
  const lineRow = ({ id, consumed, count, isSealed = false, modifiedAt = NOW - 2 * GRACE }: Line): object => ({
    Id: id,
    SystemModstamp: new Date(modifiedAt).toISOString(),
    Consumed_Units__c: consumed,
    Usage_Count__c: count,
    Contract__c: CONTRACT,
    Contract__r: { Fulfilled__c: isSealed },
  });
  const rowsOf = (soql: string): object[] => {
    if (soql.includes('FROM Contract_Sealing__c')) return sealings;
    if (soql.includes('FROM Contract_Line__c')) return lines.map(lineRow);
    if (soql.includes('FROM Usage_Entry__c'))
      return lines
        .filter(({ entries }) => entries > 0)
        .map(({ id, entries, sum }) => ({ line: id, n: entries, units: sum }));
    return seal
      ? [
          {
            Id: 'a0A',
            Contract__c: CONTRACT,
            Contract_Number__c: '00000100',
            Entries__c: seal.entries,
            Units__c: seal.units,
          },
        ]
      : [];
  };
  const soqlOf = (url: string): string => decodeURIComponent(url.split('q=')[1]!.replaceAll('+', ' '));
  const page = (url: string): object => {
    const records = rowsOf(soqlOf(url));
    return { totalSize: records.length, done: true, records };
  };
  return new SalesforceClient(async <T>({ url, body }: { url: string; body?: unknown }) => {
    const parts = (body as { compositeRequest?: { referenceId: string; url: string }[] } | undefined)?.compositeRequest;
    return (
      parts
        ? {
            compositeResponse: parts.map((part) => ({
              referenceId: part.referenceId,
              httpStatusCode: 200,
              body: page(part.url),
            })),
          }
        : page(url)
    ) as T;
  }, '67.0');
};

const GOOD: Line = { id: 'a01000000000001', consumed: 2.5, count: 2, sum: 2.5, entries: 2 };
const UNUSED: Line = { id: 'a01000000000002', consumed: 0, count: 0, sum: null, entries: 0 };

const found = async (lines: Line[], seal: { entries: number; units: string } | null = null): Promise<string[]> =>
  (await findWrongSums(orgOf(lines, seal), TIMES)).map(({ kind, key, fields }) =>
    [kind, key, ...fields.map(({ field, salesforce, external }) => `${field} ${salesforce} not ${external}`)].join(' '),
  );

describe('sums of usage', () => {
  it('are right, three API calls for a page of lines at most', async () => {
    const org = orgOf([GOOD, UNUSED], null);
    assert.deepEqual(await findWrongSums(org, TIMES), []);
    assert.equal(org.calls, 2);
  });

  it('that are not those of the entries are told, with the line', async () => {
    assert.deepEqual(
      await found([
        { ...GOOD, consumed: 2.499 },
        { ...UNUSED, count: 1 },
      ]),
      ['wrong sum a01000000000001 Consumed_Units__c 2.499 not 2.5', 'wrong sum a01000000000002 Usage_Count__c 1 not 0'],
    );
  });

  it('of a line that has just moved are left to the next run', async () => {
    assert.deepEqual(await found([{ ...GOOD, consumed: 9, modifiedAt: NOW }]), []);
  });

  it('are held against the seal of their contract, over all its lines', async () => {
    const lines = [
      { ...GOOD, isSealed: true },
      { ...GOOD, id: 'a01000000000003', isSealed: true },
    ];
    assert.deepEqual(await found(lines, { entries: 4, units: '5' }), []);
    assert.deepEqual(await found(lines, { entries: 4, units: '5.001' }), [
      'broken seal contract 00000100 Units__c 5.001 not 5',
    ]);
    assert.deepEqual(await found(lines, { entries: 3, units: '5' }), [
      'broken seal contract 00000100 Entries__c 3 not 4',
    ]);
  });

  it('are exact in fifteen digits', async () => {
    const large = { ...GOOD, consumed: 999_999_999_999.999, sum: 999_999_999_999.999 };
    assert.deepEqual(await found([large]), []);
    assert.equal((await found([{ ...large, sum: 999_999_999_999.998 }])).length, 1);
  });
});

describe('seals in progress', () => {
  const HOUR = 3_600_000;
  const row = (number: string, movedAt: number, notice: string | null = null): object => ({
    Contract__c: CONTRACT,
    Contract__r: { ContractNumber: number },
    Entries__c: 10_000,
    Expected__c: 43_000,
    Notice__c: notice,
    LastModifiedDate: new Date(movedAt).toISOString(),
  });

  it('that do not go on are told with how far they are, in one API call; the others are under way', async () => {
    const org = orgOf([], null, [
      row('00000100', NOW - 3 * HOUR),
      row('00000101', NOW - HOUR),
      row('0000010A', NOW, 'Usage entry x#1 changed after the contract was fulfilled.'),
    ]);
    const stuck = await findUnfinishedSeals(org, TIMES);
    assert.deepEqual(
      stuck.map(({ kind, key, recordId, detail }) => [kind, key, recordId, detail]),
      [
        [
          'unfinished seal',
          'contract 00000100',
          CONTRACT,
          'the seal of contract 00000100 has 10000 of 43000 entries; its last step was at 2026-11-27T21:00:00.000Z',
        ],
        [
          'unfinished seal',
          'contract 0000010a',
          CONTRACT,
          'the seal of contract 0000010A has 10000 of 43000 entries; its notice says why it does not go on',
        ],
      ],
    );
    assert.equal(org.calls, 1);
  });
});
