/** Usage over the API, as the service application reports it: who may, and what a lock of the contract or its line does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resolve } from 'node:path';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

const API = '/services/data/v67.0';
const HELD = 60_000;

let org: LocalOrg;
let ids: { contract: string; line: string; entry: string };

interface Answer {
  status: number;
  body: { id: string; errorCode: string; message: string; totalSize: number }[];
}

const call = async (method: string, url: string, body?: unknown): Promise<Answer> => {
  const response = await org.handle({
    method,
    url: `${API}${url}`,
    headers: { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return {
    status: response.status,
    body: response.body === '' ? [] : ([JSON.parse(response.body)].flat() as Answer['body']),
  };
};

const made = async (object: string, values: Record<string, unknown>): Promise<string> => {
  const { status, body } = await call('POST', `/sobjects/${object}`, values);
  assert.equal(status, 201, JSON.stringify(body));
  return body[0]!.id;
};

const consumed = async (): Promise<unknown> => {
  const soql = `SELECT Consumed_Units__c FROM Contract_Line__c WHERE Id = '${ids.line}'`;
  const { body } = await call('GET', `/query?q=${encodeURIComponent(soql)}`);
  return (body[0] as unknown as { records: { Consumed_Units__c: number }[] }).records[0]!.Consumed_Units__c;
};

const entry = (key: string, units: number): Promise<Answer> =>
  call('PATCH', `/sobjects/Usage_Entry__c/Booking_Key__c/${key}`, { Line__c: ids.line, Units__c: units });

before(async () => {
  org = createOrg({
    projectDir: resolve(import.meta.dirname, '../..'),
    clock: new ManualClock(Date.UTC(2026, 0, 5, 9)),
    random: seededRandom(1),
  });
  const account = await made('Account', { Name: 'Magic Ads Inc' });
  const contract = await made('Contract', { AccountId: account });
  const product = await made('Product2', { Name: 'Gigantic ad' });
  const line = await made('Contract_Line__c', {
    Contract__c: contract,
    Product__c: product,
    Units__c: 5,
    Unit_Price__c: 99.99,
  });
  ids = { contract, line, entry: '' };
});
after(() => org.close());

test('an administrator reports no usage before somebody grants the permission', async () => {
  const refused = await entry('ad-1', 1);
  assert.deepEqual([refused.status, refused.body[0]!.errorCode], [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION']);
  assert.match(refused.body[0]!.message, /^Usage entries belong to the service application/);

  org.executeAnonymous(`
    insert new PermissionSetAssignment(
      AssigneeId = UserInfo.getUserId(),
      PermissionSetId = [SELECT Id FROM PermissionSet WHERE Name = 'Concord_Usage_Integration'].Id
    );`);
  assert.equal((await entry('ad-1', 1)).status, 201);
  assert.equal(await consumed(), 1);
});

test('a booking waits for the contract and for its line, and is counted once both are let go', async () => {
  for (const row of [ids.contract, ids.line]) {
    org.holdRows([row], HELD);
    const refused = await entry('ad-2', 2);
    assert.equal(refused.status, 400);
    assert.match(JSON.stringify(refused.body), /UNABLE_TO_LOCK_ROW|Record Currently Unavailable/);
    assert.equal(await consumed(), 1);
    org.releaseRows();
  }
  assert.equal((await entry('ad-2', 2)).status, 201);
  assert.equal((await entry('ad-2', 2)).status, 200);
  assert.equal(await consumed(), 3);
});

test('the last units go to one of two bookings', async () => {
  assert.equal((await entry('ad-3', 1.5)).status, 201);
  const second = await entry('ad-4', 1.5);
  assert.deepEqual([second.status, second.body[0]!.errorCode], [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION']);
  assert.match(second.body[0]!.message, /^Over-booked/);
  assert.equal(await consumed(), 4.5);
});
