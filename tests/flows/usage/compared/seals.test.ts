import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { carryOut } from '../../../../src/flows/usage/compared/carry-out.ts';
import { planRepair } from '../../../../src/flows/usage/compared/plan.ts';
import { findSealsApart, sealsFoundAgain } from '../../../../src/flows/usage/compared/seals.ts';
import type { ExternalRequest } from '../../../../src/reconciliation/types.ts';
import type { SalesforceClient } from '../../../../src/shared/salesforce/client.ts';
import type { HeldSeal } from '../../../../src/shared/usage-seal.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const TIMES = { now: NOW, graceMs: 900_000, latest: NOW + 900_000 };
const OWN = { entries: 1, units: '1', digest: 'd' };

describe('seals on three sides', () => {
  const row = (number: string, more: object = {}): Record<string, unknown> => ({
    Id: `a0B${number}`,
    Contract_Number__c: number,
    Entries__c: 1,
    Units__c: '1',
    Amount__c: '40',
    Digest__c: 'd',
    Basis_Digest__c: 'b',
    Sealed_At__c: '2026-11-28T08:00:00.000+0000',
    Pending__c: null,
    ...more,
  });
  const held = (contractNumber: string, more: Partial<HeldSeal> = {}): HeldSeal => ({
    contractNumber,
    entries: 1,
    units: '1',
    amount: '40',
    digest: 'd',
    basisDigest: 'b',
    own: OWN,
    ...more,
  });
  const salesforce = (rows: object[]): SalesforceClient => ({ query: async () => rows }) as unknown as SalesforceClient;
  /** Pages of one seal each. */
  const external =
    (here: HeldSeal[], audited: HeldSeal[]): ExternalRequest =>
    async <T>(_method: 'GET' | 'POST', path: string): Promise<T> => {
      const after = new URL(path, 'http://a').searchParams.get('after')!;
      const left = (path.startsWith('/v1/seals/audited') ? audited : here).filter(
        (seal) => seal.contractNumber > after,
      );
      return { seals: left.slice(0, 1), next: left.length > 1 ? left[0]!.contractNumber : null } as T;
    };
  const kinds = async (rows: object[], here: HeldSeal[], audited: HeldSeal[]): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await findSealsApart(salesforce(rows), external(here, audited), TIMES)).map(({ key, kind, detail }) => [
        key,
        `${kind}: ${detail}`,
      ]),
    );

  it('agree, are on their way, or are lost on one of them', async () => {
    const all = ['1', '2', '3', '4'];
    const rows = [
      ...all.map((number) => row(number)),
      row('5', { Pending__c: 'Again' }),
      row('6', { Sealed_At__c: '2026-11-28T11:50:00.000+0000' }),
    ];
    const here = [held('1'), held('3'), held('4')];
    const audited = [held('1'), held('2'), held('4', { own: null })];
    assert.deepEqual(await kinds(rows, here, audited), {
      'contract 2': 'lost seal: the seal of contract 2 is not in the service application',
      'contract 3': 'lost seal: the seal of contract 3 is not in the middle layer',
      'contract 4':
        'lost seal: the seal of contract 4 is in the middle layer, which does not know what the bookings of the service application come to now',
    });
  });

  it('are told as broken where two of them have another, or Salesforce has none', async () => {
    const found = await kinds(
      [row('1'), row('2')],
      [held('1', { amount: '41' }), held('3')],
      [held('1'), held('2', { digest: 'e' }), held('4')],
    );
    assert.deepEqual(found, {
      'contract 1':
        'broken seal: the seal of contract 1 is another one in the service application; no side replaces its own',
      'contract 2': 'broken seal: the seal of contract 2 is another one in the middle layer; no side replaces its own',
      'contract 3':
        'broken seal: the seal of contract 3 is held outside, and Salesforce has none of that contract any more',
      'contract 4':
        'broken seal: the seal of contract 4 is held outside, and Salesforce has none of that contract any more',
    });
  });

  it('are asked for by their ids, and found again once all have them and nothing is pending', async () => {
    const [lost] = await findSealsApart(salesforce([row('1')]), external([], [held('1')]), TIMES);
    const step = planRepair(lost!, null, null)!;
    assert.deepEqual(step, { do: 'request again', key: 'contract 1', sealId: 'a0B1' });
    const asked: unknown[] = [];
    const answering =
      (results: object[]): ExternalRequest =>
      async <T>(_method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
        asked.push([path, body]);
        return { results } as T;
      };
    const ports = { runKey: 'r', external: answering([{ sealId: 'a0B1', problem: null }]) };
    assert.equal((await carryOut([step], ports)).size, 0);
    assert.deepEqual(asked, [['/v1/seals/again', { seals: ['a0B1'] }]]);
    const refused = { runKey: 'r', external: answering([{ sealId: 'a0B1', problem: 'gone' }]) };
    assert.deepEqual([...(await carryOut([step], refused))], [['contract 1', 'gone']]);
    const again = async (pending: string | null, here: HeldSeal[]): Promise<string[]> => [
      ...(await sealsFoundAgain(salesforce([row('1', { Pending__c: pending })]), external(here, [held('1')]), [lost!])),
    ];
    assert.deepEqual(await again(null, []), []);
    assert.deepEqual(await again('Again', [held('1')]), []);
    assert.deepEqual(await again(null, [held('1')]), ['contract 1']);
  });
});
