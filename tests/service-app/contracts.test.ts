/** Contracts are read live by jsforce; what goes wrong on the way is told in words for people. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { json, serve, type HttpRequest, type HttpResponse, type Listening } from 'kernel/http.ts';
import { SalesforceAway, type Contracts } from '../../src/service-app/contracts.ts';
import { salesforceContracts } from '../../src/service-app/salesforce/contracts.ts';
import { recordsOf } from '../../src/service-app/salesforce/queries.ts';

const CONTRACT = {
  ContractNumber: '00000100',
  Account: { Name: 'Magic Ads Inc' },
  Usage_Currency__c: 'EUR',
  Fulfilled__c: false,
};

describe('contracts of Salesforce', () => {
  let org: Listening;
  let contracts: Contracts;
  let sessions: number;
  let queries: string[];
  let answer: (soql: string, request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

  before(async () => {
    org = await serve(
      async (request) => {
        if (request.url.startsWith('/services/oauth2/token')) {
          sessions += 1;
          return json(200, { access_token: `session ${sessions}`, instance_url: org.url, id: `${org.url}/id/o/u` });
        }
        const soql = new URL(request.url, org.url).searchParams.get('q') ?? '';
        queries.push(soql);
        return answer(soql, request);
      },
      { port: 0, onError: () => {} },
    );
  });
  after(() => org.close());
  beforeEach(() => {
    [sessions, queries] = [0, []];
    answer = () => json(200, { totalSize: 1, done: true, records: [CONTRACT] });
    contracts = salesforceContracts({ url: org.url, clientId: 'c', clientSecret: 's', timeoutMs: 500 });
  });

  it('are found by number or account, and texts are escaped', async () => {
    assert.deepEqual(await contracts.search("O'Neil 100%", 10), [
      { number: '00000100', account: 'Magic Ads Inc', currency: 'EUR', fulfilled: false },
    ]);
    assert.match(queries[0]!, /LIKE '%O\\'Neil 100\\%%' OR .* LIMIT 10$/);
  });

  it('come with their lines, and every digit of their numbers', async () => {
    answer = () => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        totalSize: 1,
        done: true,
        records: [{ ...CONTRACT, Contract_Lines__r: 'LINES' }],
      }).replace(
        '"LINES"',
        '{"records":[{"Product__r":{"ProductCode":"A","Name":"Ad"},"Unit_Price__c":12345678901234.56,"Units__c":123456789012345.678,"Consumed_Units__c":0.001,"Available_Units__c":123456789012345.677}]}',
      ),
    });
    assert.deepEqual((await contracts.read('00000100'))!.lines, [
      {
        productNumber: 'A',
        productName: 'Ad',
        unitPrice: '12345678901234.56',
        sold: '123456789012345.678',
        consumed: '0.001',
        available: '123456789012345.677',
      },
    ]);
  });

  it('that are being sealed say how far that is', async () => {
    const sealing = {
      Entries__c: 10000,
      Expected__c: 43000,
      Notice__c: null,
      LastModifiedDate: '2026-11-27T08:00:00.000+0000',
    };
    answer = () =>
      json(200, {
        totalSize: 1,
        done: true,
        records: [{ ...CONTRACT, Contract_Lines__r: null, Contract_Sealings__r: { records: [sealing] } }],
      });
    assert.deepEqual((await contracts.read('00000100'))!.sealing, {
      counted: 10_000,
      expected: 43_000,
      movedAt: Date.UTC(2026, 10, 27, 8),
      notice: null,
    });
    assert.equal(queries.length, 1);
  });

  it('tell ads as their entries say them, and what keeps them from it', async () => {
    const [sold, cancelled] = ['7e9b4b2c-0000-4000-8000-000000000001', '7e9b4b2c-0000-4000-8000-000000000002'];
    const row = (id: string, position: number, version: number, more: object = {}): object => ({
      ...{ Ad_Id__c: id, Booking_Key__c: `${id}#${position}`, Title__c: 'Banner', Version__c: version, Units__c: 1.5 },
      ...{ Booked_At__c: '2026-11-27T08:00:00.000+0000', Cancelled__c: false },
      Line__r: {
        Product__r: { ProductCode: 'SMALL' },
        Contract__r: { ContractNumber: '00000100', Usage_Currency__c: 'EUR' },
      },
      ...more,
    });
    const gone = { Cancelled__c: true, Units__c: 9 };
    answer = () =>
      json(200, {
        records: [
          ...[row(sold, 2, 3), row(sold, 1, 3), row(sold, 3, 2, gone)],
          ...[row(cancelled, 1, 4, gone), row(cancelled, 2, 1, gone)],
        ],
      });
    const said = { title: 'Banner', contractNumber: '00000100', currency: 'EUR' };
    const bookedAt = new Date('2026-11-27T08:00:00Z');
    const use = (position: number, units: string): object => ({ position, productNumber: 'SMALL', units });
    assert.deepEqual(await contracts.readAds([sold, cancelled]), [
      { id: sold, version: 3, ...said, bookedAt, cancelled: false, uses: [use(1, '1.5'), use(2, '1.5')] },
      { id: cancelled, version: 4, ...said, bookedAt, cancelled: true, uses: [use(1, '9')] },
    ]);
    answer = () => json(400, [{ errorCode: 'INVALID_FIELD', message: "No such column 'Ad_Id__c'" }]);
    await assert.rejects(contracts.readAds([sold]), /deploy the permission set Concord_Usage_Application again/);
  });

  it('are read again each time, and there may be none', async () => {
    answer = () => json(200, { totalSize: 0, done: true, records: [] });
    assert.equal(await contracts.read('1'), null);
    assert.equal(await contracts.read('1'), null);
    assert.deepEqual([queries.length, sessions], [2, 1]);
  });

  it('are read with a new session when the one before has expired', async () => {
    answer = (_soql, { headers }) =>
      headers.authorization === 'Bearer session 1'
        ? json(401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }])
        : json(200, { totalSize: 1, done: true, records: [CONTRACT] });
    assert.equal((await contracts.search('', 1)).length, 1);
    assert.equal(sessions, 2);
  });

  it('cannot be read while Salesforce is away, slow, or somebody else answers', async () => {
    const away: [string, typeof answer][] = [
      ['an error of the server', () => json(503, [{ errorCode: 'SERVER_UNAVAILABLE', message: 'maintenance' }])],
      ['a page of a proxy', () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' })],
      ['null', () => json(200, null)],
      ['silence', () => new Promise(() => {})],
    ];
    for (const [what, answered] of away) {
      answer = answered;
      await assert.rejects(contracts.search('', 1), (error) => error instanceof SalesforceAway, what);
    }
    const nobody = salesforceContracts({ url: 'http://127.0.0.1:9', clientId: 'c', clientSecret: 's', timeoutMs: 500 });
    await assert.rejects(nobody.read('1'), (error) => error instanceof SalesforceAway);
  });
});

it('records that are none are no answer: a contract would be shown without its lines', () => {
  for (const records of [['an answer'], [null], [{ Id: '1' }, null], {}, 'answers'])
    assert.throws(() => recordsOf(JSON.stringify({ done: true, records })), SalesforceAway);
  assert.deepEqual(recordsOf('{"done":true,"records":[{"Id":"1"}]}'), [{ Id: '1' }]);
});
