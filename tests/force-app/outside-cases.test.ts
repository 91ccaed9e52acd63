/** Cases that are born outside, in an org with record types, queues, assignment rules and accounts of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { projectWith, type ProjectWith } from '../support/project-with.ts';

const API = '/services/data/v67.0';

interface Line {
  outcome: string;
  caseId: string | null;
  errorCode: string | null;
  message: string | null;
}

let project: ProjectWith;
let org: ReturnType<typeof createOrg>;

const call = async <T>(method: string, url: string, body?: unknown): Promise<T> => {
  const response = await org.handle({
    method,
    url,
    headers: { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  assert.ok(response.status < 300, response.body);
  return JSON.parse(response.body) as T;
};

const apply = async (number: number, values: Record<string, string>): Promise<Line> => {
  const record = {
    key: `00000000-0000-4000-8000-00000000000${number}`,
    externalId: `SR-${number}`,
    revision: 1,
    requestVersion: null,
    salesforceCaseId: null,
    values,
  };
  const { results } = await call<{ results: Line[] }>('POST', '/services/apexrest/concord/v1/cases/apply', {
    records: [record],
  });
  return results[0]!;
};

const read = async (id: string): Promise<Record<string, { DeveloperName?: string; Name: string }>> => {
  const soql = `SELECT Owner.Name, RecordType.DeveloperName, Account.Name FROM Case WHERE Id = '${id}'`;
  return (await call<{ records: never[] }>('GET', `${API}/query?q=${encodeURIComponent(soql)}`)).records[0]!;
};

before(async () => {
  project = projectWith('tests/force-app/outside-cases/main');
  org = createOrg({
    projectDir: project.folder,
    clock: new ManualClock(Date.UTC(2026, 0, 5, 9)),
    random: seededRandom(1),
  });
  const activated = org.executeAnonymous('ConcordSetup.activateSync();');
  assert.ok(activated.success, activated.exceptionMessage ?? activated.compileProblem ?? '');
  await call('POST', `${API}/sobjects/Account`, { Name: 'Harbour', Customer_Number__c: 'C-7' });
});

after(() => {
  org.close();
  project.remove();
});

test('a Case that is born outside has the record type, the owner that the rule gives, and its account', async () => {
  const phoned = await apply(1, { Subject: 'Lamp', Origin: 'Phone', Customer_Number__c: 'c-7' });
  assert.equal(phoned.outcome, 'CREATED', phoned.message ?? '');
  const made = await read(phoned.caseId!);
  assert.equal(made.RecordType!.DeveloperName, 'Support');
  assert.equal(made.Owner!.Name, 'Phone_Desk');
  assert.equal(made.Account!.Name, 'Harbour');

  const written = await apply(2, { Subject: 'Lamp', Origin: 'Web' });
  assert.equal((await read(written.caseId!)).Owner!.Name, 'Front_Desk');
});

test('without its account it is refused by name, and made when it comes again after the account is there', async () => {
  const values = { Subject: 'Lamp', Origin: 'Web', Customer_Number__c: 'C-8' };
  const refused = await apply(3, values);
  assert.equal(refused.errorCode, 'PARENT_NOT_FOUND');
  assert.match(refused.message!, /No Account has the Customer_Number__c that Customer_Number__c names; create it/);

  await call('POST', `${API}/sobjects/Account`, { Name: 'Market', Customer_Number__c: 'C-8' });
  const made = await apply(3, values);
  assert.equal(made.outcome, 'CREATED', made.message ?? '');
  assert.equal((await read(made.caseId!)).Account!.Name, 'Market');
});
