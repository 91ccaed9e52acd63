/** The product in an org that is not its own: its Apex tests, and histories in which the org's automation has the last word. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { projectWith, type ProjectWith } from '../../support/project-with.ts';

const API = '/services/data/v67.0';

/** Tests that are about an org without automation of its own, and what this one does to them. */
const CLEAN_ORG_ONLY: Record<string, string> = {
  'CaseApplyNewRecordTest.aCaseFromIntakeGoesOnFromTheVersionThatWasRequested':
    'the flow sets the origin: a version more',
  'CaseApplyNewRecordTest.aRecordBornOutsideGetsNoDefaultsThatOutsideDoesNotKnow':
    'the flow sets the origin: a version more',
  'CaseApplyNewRecordTest.aRecordWhoseCaseAnotherCallInsertedMeanwhileUpdatesIt':
    'the flow sets the origin: a version waits',
  'CaseApplyNewRecordTest.twoHundredNewRecordsMakeTwoHundredCases': 'the flow sets the origin: a version goes out',
  'CaseBackfillTest.theNextSpanHasItsOwnJob': 'the second save adopts what the test left out',
  'CaseReconciliationTest.twoThousandLostRequestsAreAskedForAgainInOneChunk':
    'every Case is saved twice: too many rows for one chunk',
  'CaseRenewalTest.fromTheChangeOnComparisonsOpenNoBreakerUntilTheRenewalHasEnded':
    'the test syncs two fields alone, and the parent of a Case is found by another',
  'CaseRenewalTest.theJobRenewsAfterAFieldWasActivated':
    'the test syncs two fields alone, and the parent of a Case is found by another',
  'CaseRenewalTest.theSameDefinitionInAnotherOrderRenewsNothing':
    'the test syncs two fields alone, and the parent of a Case is found by another',
  'CaseRetryBatchTest.twoThousandAreSentAgainInOneChunk': 'every Case is saved twice: too many rows for one chunk',
  'CaseStampTest.anotherValueThanTheDeclaredOneIsAChange': 'the flow sets the origin: a version more',
  'CaseSyncHandlerTest.aCaseThatWasNeverAdoptedLeavesNoTombstone': 'the second save adopts what the test left out',
  'CaseSyncHandlerTest.aCaseWithoutAKeyIsAdoptedByItsNextSave': 'the second save adopts what the test left out',
  'CaseSyncResourceTest.aCallOfAnEarlierOrLaterMiddleLayerIsUnderstood': 'the flow sets the origin: a version waits',
  'CaseUnsavedStatesTest.overdueWorkThatCannotBeSavedIsNotRepeatedWithEachRun':
    'the test changes a Case that it closed',
  'CaseUnsavedStatesTest.theCasePageTellsWhatStandsBeside': 'the test changes a Case that it closed',
  'CaseUnsavedStatesTest.theJobStoresTheStateAsSoonAsTheOrgLetsIt': 'the org never lets it: the Case is closed',
  'CaseWalkTest.whatTheAutomationOfTheOrgLeavesNoRoomForIsSavedByTheNextPassOfTheSameSpan':
    'the second save adopts what the test left out',
  'CaseWalkTest.moreCasesOfOneSecondThanASpanIsToHaveStopNoWalk': 'the second save adopts what the test left out',
  'CaseWalkTest.itGoesOnWhileFewRequestsWait': 'the second save adopts what the test left out',
};

/** The tests of the package that works on Cases. */
const CASE_TESTS = readdirSync(resolve(import.meta.dirname, '../../../force-app/cases/test/default/classes/cases'))
  .filter((name) => name.endsWith('Test.cls'))
  .map((name) => name.slice(0, -'.cls'.length));

/** The user the middle layer logs in as: no administrator, who may edit what is locked. */
const INTEGRATION = 'middle-layer@example.com';

let project: ProjectWith;
let org: LocalOrg;

before(() => {
  project = projectWith('samples/hostile-org/main');
  org = createOrg({
    projectDir: project.folder,
    clock: new ManualClock(Date.UTC(2026, 0, 5, 9)),
    random: seededRandom(1),
    connectedApps: [{ consumerKey: 'middle-layer', consumerSecret: 's', runAs: INTEGRATION }],
  });
});
after(() => {
  org.close();
  project.remove();
});

const send = async (
  method: string,
  url: string,
  body: string,
  token = org.info.accessToken,
): Promise<{ status: number; body: string }> =>
  org.handle({
    method,
    url,
    headers: { host: 'org.test', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });

const call = async <T>(method: string, url: string, body?: unknown, token?: string): Promise<T> => {
  const response = await send(method, url, body === undefined ? '' : JSON.stringify(body), token);
  assert.ok(response.status < 300, response.body);
  return (response.body === '' ? null : JSON.parse(response.body)) as T;
};

type Row = Record<string, string | number | null>;

const rows = async (soql: string): Promise<Row[]> =>
  (await call<{ records: Row[] }>('GET', `${API}/query?q=${encodeURIComponent(soql)}`)).records.map(
    ({ attributes: _, ...row }) => row,
  );

const read = async (id: string): Promise<Row> =>
  (
    await rows(
      `SELECT Id, Sync_Key__c, Sync_Version__c, Sync_Status__c, Resolution__c, Incident_Address__c, Origin, Last_Seen__c, Department__c FROM Case WHERE Id = '${id}'`,
    )
  )[0]!;

const run = (apex: string): void => {
  const { success, exceptionMessage, compileProblem } = org.executeAnonymous(apex);
  assert.ok(success, exceptionMessage ?? compileProblem ?? '');
};

/** What the external system has of a Case arrives; `requestVersion` is the version that it answers. */
const arrives = async (
  row: Row,
  revision: number,
  requestVersion: number | null,
  values: Record<string, string | null>,
): Promise<string> => {
  const record = {
    key: row.Sync_Key__c,
    externalId: `SR-${String(row.Id)}`,
    revision,
    requestVersion,
    salesforceCaseId: row.Id,
    values,
  };
  const { results } = await call<{ results: { outcome: string }[] }>(
    'POST',
    '/services/apexrest/concord/v1/cases/apply',
    { records: [record] },
  );
  return results[0]!.outcome;
};

/** A Case that an agent made, answered at its newest version. */
const answered = async (): Promise<Row> => {
  const { id } = await call<{ id: string }>('POST', `${API}/sobjects/Case`, { Subject: 'made inside' });
  const made = await read(id);
  assert.equal(
    await arrives(made, 1, Number(made.Sync_Version__c), {
      Subject: 'made inside',
      Origin: 'Web',
      Resolution__c: 'before',
    }),
    'APPLIED',
  );
  return read(id);
};

describe('an org with automation of its own', () => {
  test('takes the product: all of it compiles, and nothing of the org is without effect', () => {
    assert.deepEqual(org.diagnostics, []);
  });

  test('passes the product’s Apex tests, except those that are about an org without any', () => {
    const { outcomes } = org.runTests({ classNames: CASE_TESTS });
    const failed = outcomes.filter(({ outcome }) => outcome !== 'Pass');
    const unexpected = failed.filter(({ className, methodName }) => !(`${className}.${methodName}` in CLEAN_ORG_ONLY));
    assert.deepEqual(
      unexpected.map(({ className, methodName, message }) => `${className}.${methodName}: ${message}`),
      [],
    );
    assert.ok(outcomes.length - failed.length > 200, `${outcomes.length} tests ran, ${failed.length} failed`);
  });
});

describe('what comes from outside and the org changes', () => {
  before(() => {
    const activated = org.executeAnonymous('ConcordSetup.activateSync();');
    assert.ok(activated.success, activated.exceptionMessage ?? activated.compileProblem ?? '');
  });

  test('when it is set back behind the after triggers, the old value goes out as a new version', async () => {
    const before = await answered();
    await arrives(before, 2, null, { Subject: 'made inside', Origin: 'Web', Resolution__c: 'outside 4' });
    const now = await read(String(before.Id));
    assert.equal(now.Resolution__c, 'before');
    assert.ok(Number(now.Sync_Version__c) > Number(before.Sync_Version__c), `version ${now.Sync_Version__c}`);
    assert.notEqual(now.Sync_Status__c, 'Success');
  });

  test('when it is spelt otherwise, the org’s spelling goes out as a new version', async () => {
    const before = await answered();
    await arrives(before, 2, null, { Subject: 'made inside', Origin: 'Web', Incident_Address__c: 'outside 1' });
    const now = await read(String(before.Id));
    assert.equal(now.Incident_Address__c, 'Outside 1');
    assert.ok(Number(now.Sync_Version__c) > Number(before.Sync_Version__c), `version ${now.Sync_Version__c}`);
  });

  test('the org’s own saves within the save change nothing that leaves', async () => {
    const before = await answered();
    assert.deepEqual([before.Last_Seen__c, before.Department__c], ['made inside', 'General']);
    await arrives(before, 2, null, { Subject: 'changed outside', Origin: 'Web', Resolution__c: 'before' });
    const now = await read(String(before.Id));
    assert.equal(now.Last_Seen__c, 'changed outside');
    assert.equal(now.Sync_Version__c, before.Sync_Version__c);
  });

  test('when a closed Case may not change, its state stands beside it in the words of the rule', async () => {
    const before = await answered();
    await call('PATCH', `${API}/sobjects/Case/${String(before.Id)}`, { Status: 'Closed' });
    const closed = await read(String(before.Id));
    await arrives(closed, 2, Number(closed.Sync_Version__c), {
      Subject: 'made inside',
      Origin: 'Web',
      Resolution__c: 'before',
      Status: 'Closed',
    });
    const beside = await rows(
      `SELECT Status__c, Error__c FROM Unsaved_Sync_State__c WHERE Record_Id__c = '${String(before.Id)}'`,
    );
    assert.deepEqual(beside, [{ Status__c: 'Success', Error__c: 'A closed Case may not change.' }]);
  });
});

describe('200 Cases of 32,000 characters each, more than a transaction may hold', () => {
  /** In a trigger of the org, or in Concord's, more than 6 MB of what the code itself holds would end the save. */
  const TEXT = 32_000;
  let ids: string[];

  const save = async (method: string, record: (i: number) => object): Promise<string[]> => {
    const records = Array.from({ length: 200 }, (_, i) => ({ attributes: { type: 'Case' }, ...record(i) }));
    const lines = await call<{ id: string; success: boolean; errors: unknown[] }[]>(
      method,
      `${API}/composite/sobjects`,
      { allOrNone: true, records },
    );
    assert.deepEqual(
      lines.flatMap(({ errors }) => errors),
      [],
    );
    return lines.map(({ id }) => id);
  };
  const long = (i: number, letter: string): string => `${i} `.padEnd(TEXT, letter);

  before(async () => {
    run('ConcordSetup.activateSync();');
    ids = await save('POST', (i) => ({ Subject: `long ${i}`, Origin: 'Web', Description: long(i, 'a') }));
  });

  test('are saved, and saved again with other texts', async () => {
    await save('PATCH', (i) => ({ id: ids[i], Description: long(i, 'b') }));
    const found = await rows("SELECT Sync_Status__c FROM Case WHERE Subject LIKE 'long%'");
    assert.deepEqual(
      found.map((row) => row.Sync_Status__c),
      Array.from({ length: 200 }, () => 'In Progress'),
    );
  });

  test('closed, they are compared with the answers that the org refuses in slices that fit', async () => {
    await save('PATCH', (i) => ({ id: ids[i], Status: 'Closed' }));
    const found = await rows(
      "SELECT Id, Sync_Key__c, Sync_Version__c FROM Case WHERE Subject LIKE 'long%' ORDER BY Id",
    );
    const records = found.map((row, i) => ({
      key: row.Sync_Key__c,
      externalId: `SR-${String(row.Id)}`,
      revision: 9,
      requestVersion: row.Sync_Version__c,
      salesforceCaseId: row.Id,
      // Every second answer brings what its Case has already.
      values: i % 2 === 0 ? { Status: 'Closed', Description: 'another' } : { Status: 'Closed', Origin: 'Web' },
    }));
    const { results } = await call<{ results: { outcome: string; errorCode: string | null }[] }>(
      'POST',
      '/services/apexrest/concord/v1/cases/apply',
      { records },
    );
    const told = new Set(results.map(({ outcome, errorCode }, i) => `${i % 2} ${outcome} ${errorCode}`));
    assert.deepEqual([...told], ['0 REFUSED FIELD_CUSTOM_VALIDATION_EXCEPTION', '1 APPLIED null']);
  });
});

describe('what the org refuses to somebody who is no administrator', () => {
  let token: string;
  before(async () => {
    run(`
      Profile minimum = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'];
      User integration = new User(Username = '${INTEGRATION}', Email = 'p@example.com', LastName = 'middle layer', Alias = 'middle', ProfileId = minimum.Id, TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');
      insert integration;
      for (PermissionSet each : [SELECT Id FROM PermissionSet WHERE Name IN ('Concord_Integration', 'Concord_Cases_Integration', 'NYC_311_Fields')])
        insert new PermissionSetAssignment(AssigneeId = integration.Id, PermissionSetId = each.Id);`);
    run('ConcordSetup.activateSync();');
    const grant = await org.handle({
      method: 'POST',
      url: '/services/oauth2/token',
      headers: { host: 'org.test', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&client_id=middle-layer&client_secret=s',
    });
    token = (JSON.parse(grant.body) as { access_token: string }).access_token;
  });

  interface Line {
    outcome: string;
    status: string | null;
    errorCode: string | null;
    message: string | null;
  }
  const arrive = async (records: object[]): Promise<Line[]> =>
    (await call<{ results: Line[] }>('POST', '/services/apexrest/concord/v1/cases/apply', { records }, token)).results;
  const beside = (id: string): Promise<Row[]> =>
    rows(`SELECT Status__c, Error_Code__c, Error__c FROM Unsaved_Sync_State__c WHERE Record_Id__c = '${id}'`);

  test('of a Case under approval: its state stands beside it, and on it once the lock is open', async () => {
    const { id } = await call<{ id: string }>('POST', `${API}/sobjects/Case`, { Subject: 'Refund' });
    const approver = org.info.userId;
    const [asked] = await call<{ newWorkitemIds: string[] }[]>('POST', `${API}/process/approvals`, {
      requests: [{ actionType: 'Submit', contextId: id, nextApproverIds: [approver] }],
    });
    const row = await read(id);
    const record = {
      key: row.Sync_Key__c,
      externalId: 'SR-refund',
      revision: 1,
      requestVersion: Number(row.Sync_Version__c),
      salesforceCaseId: id,
      values: { Subject: 'Refund', Origin: 'Web' },
    };
    const [same] = await arrive([record]);
    assert.deepEqual([same!.outcome, same!.status], ['APPLIED', 'Success'], 'both sides hold the same values');
    const words = 'This record is locked. If you need to edit it, contact your admin.';
    assert.deepEqual(await beside(id), [{ Status__c: 'Success', Error_Code__c: 'ENTITY_IS_LOCKED', Error__c: words }]);
    const [other] = await arrive([
      { ...record, revision: 2, requestVersion: null, values: { Subject: 'Refund, paid' } },
    ]);
    assert.deepEqual([other!.outcome, other!.errorCode, other!.message], ['REFUSED', 'ENTITY_IS_LOCKED', words]);

    await call('POST', `${API}/process/approvals`, {
      requests: [{ actionType: 'Approve', contextId: asked!.newWorkitemIds[0] }],
    });
    const [now] = await arrive([
      { ...record, revision: 2, requestVersion: null, values: { Subject: 'Refund, paid', Origin: 'Web' } },
    ]);
    assert.equal(now!.outcome, 'APPLIED');
    assert.deepEqual(await beside(id), [], 'what was refused is stored');
    assert.equal((await read(id)).Sync_Status__c, 'Success');
  });

  test('of a Case whose Contact a duplicate rule blocks: that record alone, in the words of the rule', async () => {
    const bornOutside = (externalId: string, values: object): object => ({
      key: `00000000-0000-4000-8000-0000000000${externalId}`,
      externalId,
      revision: 1,
      requestVersion: null,
      salesforceCaseId: null,
      values: { Origin: 'Web', ...values },
    });
    const from = { Subject: 'reported', Description: 'From: reporter@example.com\nNoise' };
    const first = await arrive([bornOutside('01', from)]);
    assert.deepEqual(
      first.map(({ outcome }) => outcome),
      ['CREATED'],
    );
    const second = await arrive([bornOutside('02', from), bornOutside('03', { Subject: 'innocent' })]);
    assert.deepEqual(
      second.map(({ outcome }) => outcome),
      ['REFUSED', 'CREATED'],
    );
    assert.match(second[0]!.message!, /^Contact: You're creating a duplicate record/);
  });
});
