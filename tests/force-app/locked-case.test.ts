/**
 * An org with the very common rule "a closed Case may not change": the agent's closing save goes out, and its answer
 * cannot be stored on the Case. With the formula of docs/host-automation.md in the rule, it can.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { createOrg } from '../../packages/local-org/src/index.ts';
import { packageDirectories } from '../../scripts/metadata/package-directories.ts';

const START = Date.UTC(2026, 10, 27, 8);
const ROOT = resolve(import.meta.dirname, '../..');
const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const RULE = 'A closed Case may not change.';
const LOCKED = 'ISPICKVAL(PRIORVALUE(Status), "Closed")';
const LETS_CONCORD_PASS = `AND(NOT($Permission.Concord_Sync), ${LOCKED})`;

/** The product's package directories and, behind them, one with the org's own rule. */
const orgWithRule = (formula: string): ReturnType<typeof createOrg> => {
  const folder = mkdtempSync(join(tmpdir(), 'locked-case-'));
  folders.push(folder);
  const product = packageDirectories(ROOT);
  for (const top of new Set(product.map((path) => path.split('/')[0]!)))
    symlinkSync(join(ROOT, top), join(folder, top), 'dir');
  const project = JSON.parse(readFileSync(join(ROOT, 'sfdx-project.json'), 'utf8')) as { packageDirectories: object[] };
  project.packageDirectories.push({ path: 'own', default: false });
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify(project));
  const rules = join(folder, 'own/main/default/objects/Case/validationRules');
  mkdirSync(rules, { recursive: true });
  writeFileSync(
    join(rules, 'Closed_Stays.validationRule-meta.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<ValidationRule xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>Closed_Stays</fullName>
    <active>true</active>
    <errorConditionFormula>${formula.replaceAll('&', '&amp;')}</errorConditionFormula>
    <errorMessage>${RULE}</errorMessage>
</ValidationRule>
`,
  );
  return createOrg({ projectDir: folder, clock: new ManualClock(START), random: seededRandom(START) });
};

type Row = Record<string, unknown>;

/** Closes a Case and stores the external system's answer; what the Case and the row beside it tell then. */
const closeAndAnswer = async (formula: string): Promise<{ line: Row; stored: Row; beside: Row[] }> => {
  const org = orgWithRule(formula);
  try {
    const send = async (method: string, path: string, body?: unknown): Promise<any> => {
      const response = await org.handle({
        method,
        url: path.startsWith('/services/apexrest') ? path : `/services/data/v67.0${path}`,
        headers: { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' },
        body: body === undefined ? '' : JSON.stringify(body),
      });
      assert.ok(response.status < 300, `${method} ${path}: ${response.status} ${response.body}`);
      return response.body === '' ? null : JSON.parse(String(response.body));
    };
    const rows = async (soql: string): Promise<Row[]> =>
      (await send('GET', `/query?q=${encodeURIComponent(soql)}`)).records;
    const activated = org.executeAnonymous('ConcordSetup.activateSync();');
    assert.ok(activated.success, String(activated.exceptionMessage ?? activated.compileProblem));
    const admin = org.info.userId;
    for (const { Id } of await rows(
      "SELECT Id FROM PermissionSet WHERE Name IN ('Concord_Integration', 'Concord_Cases_Integration')",
    ))
      await send('POST', '/sobjects/PermissionSetAssignment', { AssigneeId: admin, PermissionSetId: Id });

    const { id } = await send('POST', '/sobjects/Case', { Subject: 'Noise', Status: 'New' });
    await send('PATCH', `/sobjects/Case/${id}`, { Status: 'Closed' });
    const [record] = await rows(`SELECT Sync_Key__c, Sync_Version__c FROM Case WHERE Id = '${id}'`);
    const { results } = await send('POST', '/services/apexrest/concord/v1/cases/apply', {
      records: [
        {
          key: record!.Sync_Key__c,
          externalId: 'SR-1',
          revision: 1,
          requestVersion: record!.Sync_Version__c,
          salesforceCaseId: id,
          values: { Subject: 'Noise', Status: 'Closed' },
        },
      ],
    });
    const [stored] = await rows(`SELECT Sync_Status__c, External_Id__c FROM Case WHERE Id = '${id}'`);
    const beside = await rows('SELECT Record_Id__c, Status__c, Error_Code__c, Error__c FROM Unsaved_Sync_State__c');
    return { line: results[0], stored: stored!, beside };
  } finally {
    org.close();
  }
};

test('the state of a locked Case stands beside it, in the words of the rule', async () => {
  const { line, stored, beside } = await closeAndAnswer(LOCKED);
  assert.deepEqual([line.outcome, line.status], ['APPLIED', 'Success'], 'both sides hold the same values');
  assert.equal(stored.Sync_Status__c, 'In Progress');
  assert.deepEqual(
    beside.map((row) => [row.Status__c, row.Error_Code__c, row.Error__c]),
    [['Success', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', RULE]],
  );
});

test('a rule that lets Concord pass refuses nothing', async () => {
  const { line, stored, beside } = await closeAndAnswer(LETS_CONCORD_PASS);
  assert.deepEqual([line.outcome, line.status], ['APPLIED', 'Success']);
  assert.deepEqual([stored.Sync_Status__c, stored.External_Id__c], ['Success', 'SR-1']);
  assert.deepEqual(beside, []);
});
