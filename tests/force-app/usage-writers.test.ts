/** Twenty writers at one line at once, over HTTP: whoever is told that a booking is entered finds it in the sum. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resolve } from 'node:path';
import { startOrgService, type OrgService } from 'local-org/service.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';

const WRITERS = 20;
const ADS_EACH = 5;
/** Thousandths: of all that is booked, the line has room for two thirds. */
const BOOKED = 125;
const SOLD = Math.floor((WRITERS * ADS_EACH * BOOKED * 2) / 3);

interface Line {
  adId: string;
  outcome: string;
  errorCode: string | null;
  retryable: boolean;
}

let org: OrgService;
let number: string;

const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(`${org.instanceUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
};
const API = '/services/data/v67.0';
const query = async <T>(soql: string): Promise<T[]> =>
  (await call<{ records: T[] }>('GET', `${API}/query?q=${encodeURIComponent(soql)}`)).records;
const apex = async (text: string): Promise<void> => {
  const done = await call<{ success: boolean }>(
    'GET',
    `${API}/tooling/executeAnonymous/?anonymousBody=${encodeURIComponent(text)}`,
  );
  assert.ok(done.success, JSON.stringify(done));
};

before(async () => {
  org = await startOrgService({ projectDir: resolve(import.meta.dirname, '../..'), seed: 20 });
  await apex('ConcordSetup.activateSync();');
  await apex(
    `insert new PermissionSetAssignment(
       AssigneeId = UserInfo.getUserId(),
       PermissionSetId = [SELECT Id FROM PermissionSet WHERE Name = 'Concord_Usage_Integration'].Id
     );`,
  );
  await apex(
    `Account customer = new Account(Name = 'Magic Ads Inc');
     insert customer;
     Product2 product = new Product2(Name = 'Small ad', ProductCode = 'SMALL', IsActive = true);
     insert product;
     Contract sold = new Contract(AccountId = customer.Id, Overbooking__c = 'Block');
     insert sold;
     insert new Contract_Line__c(Contract__c = sold.Id, Product__c = product.Id, Units__c = ${SOLD / 1000}, Unit_Price__c = 1);`,
  );
  [{ ContractNumber: number }] = (await query('SELECT ContractNumber FROM Contract')) as [{ ContractNumber: string }];
});
after(() => org.stop());

test('twenty writers on one line: no wrong sum, no unit sold twice, and what has no room waits', async () => {
  const random = seededRandom(20);
  const report = async (): Promise<Line[]> => {
    const ads = Array.from({ length: ADS_EACH }, () => ({
      adId: randomUuid(random),
      version: 1,
      title: 'Small',
      contractNumber: number,
      currency: 'EUR',
      bookedAt: '2026-11-27T08:00:00Z',
      cancelled: false,
      uses: [{ position: 1, productNumber: 'SMALL', units: String(BOOKED / 1000) }],
    }));
    const first = await call<{ results: Line[] }>('POST', '/services/apexrest/concord/v1/usage/report', { ads });
    // an answer that was lost: the same again
    const again = await call<{ results: Line[] }>('POST', '/services/apexrest/concord/v1/usage/report', { ads });
    assert.deepEqual(
      again.results.map(({ outcome }) => outcome),
      first.results.map(({ outcome }) => (outcome === 'APPLIED' ? 'IGNORED' : outcome)),
    );
    return first.results;
  };
  const lines = (await Promise.all(Array.from({ length: WRITERS }, report))).flat();
  assert.deepEqual([...new Set(lines.map(({ outcome, errorCode }) => `${outcome} ${errorCode}`))].toSorted(), [
    'APPLIED null',
    'EXCEPTION OVER_BOOKED',
  ]);
  const applied = lines.filter(({ outcome }) => outcome === 'APPLIED').length;
  const [line] = await query<{ Consumed_Units__c: number; Usage_Count__c: number }>(
    'SELECT Consumed_Units__c, Usage_Count__c FROM Contract_Line__c',
  );
  assert.deepEqual([Math.round(line!.Consumed_Units__c * 1000), line!.Usage_Count__c], [applied * BOOKED, applied]);
  assert.equal(applied, Math.floor(SOLD / BOOKED), 'every unit that was sold is used');
  const waiting = await query('SELECT Id FROM Usage_Exception__c WHERE Open__c = TRUE');
  assert.equal(waiting.length, lines.length - applied);
});
