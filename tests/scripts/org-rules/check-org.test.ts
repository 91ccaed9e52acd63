/** `npm run check:org` as a person runs it: on an org with rules of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { ShiftableClock } from 'kernel/clock.ts';
import { serve } from 'kernel/http.ts';
import { systemRandom } from 'kernel/random.ts';
import { createOrg } from '../../../packages/local-org/src/index.ts';
import { readRules } from '../../../scripts/org-rules/read-rules.ts';
import { packageDirectories } from '../../../scripts/metadata/package-directories.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'concord-check-org-'));
const XML = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

const write = (path: string, content: string): void => {
  const file = join(folder, 'own/main/default', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

const validationRule = (name: string, active: boolean, formula: string): void =>
  write(
    `objects/Case/validationRules/${name}.validationRule-meta.xml`,
    `<ValidationRule ${XML}><fullName>${name}</fullName><active>${active}</active><errorConditionFormula>${formula}</errorConditionFormula><errorMessage>No.</errorMessage></ValidationRule>`,
  );

let org: ReturnType<typeof createOrg>;
let server: Awaited<ReturnType<typeof serve>>;

before(async () => {
  for (const top of new Set(packageDirectories(root).map((path) => path.split('/')[0]!)))
    symlinkSync(join(root, top), join(folder, top), 'dir');
  const project = JSON.parse(readFileSync(join(root, 'sfdx-project.json'), 'utf8')) as { packageDirectories: object[] };
  project.packageDirectories.push({ path: 'own' });
  writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify(project));
  validationRule('Closed_Stays', true, 'ISPICKVAL(PRIORVALUE(Status), "Closed")');
  validationRule('Polite', true, 'NOT($Permission.Concord_Sync)');
  validationRule('Retired', false, 'true');
  write(
    'flows/Set_Back.flow-meta.xml',
    `<Flow ${XML}><label>Set back</label><processType>AutoLaunchedFlow</processType><status>Active</status><start><object>Case</object><recordTriggerType>Update</recordTriggerType><triggerType>RecordBeforeSave</triggerType></start></Flow>`,
  );
  write(
    'workflows/Case.workflow-meta.xml',
    `<Workflow ${XML}><rules><fullName>Notes</fullName><active>true</active><formula>true</formula><triggerType>onAllChanges</triggerType></rules></Workflow>`,
  );
  write('triggers/Theirs.trigger', 'trigger Theirs on Case (after update) {}');
  write(
    'triggers/Theirs.trigger-meta.xml',
    `<ApexTrigger ${XML}><apiVersion>67.0</apiVersion><status>Active</status></ApexTrigger>`,
  );
  write(
    'assignmentRules/Case.assignmentRules-meta.xml',
    `<AssignmentRules ${XML}><assignmentRule><fullName>Desk</fullName><active>true</active></assignmentRule></AssignmentRules>`,
  );
  const approval = (name: string, active: boolean): void =>
    write(
      `approvalProcesses/Case.${name}.approvalProcess-meta.xml`,
      `<ApprovalProcess ${XML}><active>${active}</active><allowedSubmitters><type>owner</type></allowedSubmitters><finalApprovalRecordLock>false</finalApprovalRecordLock><finalRejectionRecordLock>false</finalRejectionRecordLock><label>${name}</label><recordEditability>AdminOnly</recordEditability></ApprovalProcess>`,
    );
  approval('Refund', true);
  approval('Unused', false);
  write(
    'matchingRules/Contact.matchingRule-meta.xml',
    `<MatchingRules ${XML}><matchingRules><fullName>Email</fullName><label>Email</label><matchingRuleItems><blankValueBehavior>NullNotAllowed</blankValueBehavior><fieldName>Email</fieldName><matchingMethod>Exact</matchingMethod></matchingRuleItems><ruleStatus>Active</ruleStatus></matchingRules></MatchingRules>`,
  );
  write(
    'duplicateRules/Contact.Same.duplicateRule-meta.xml',
    `<DuplicateRule ${XML}><actionOnInsert>Block</actionOnInsert><actionOnUpdate>Allow</actionOnUpdate><duplicateRuleMatchRules><matchRuleSObjectType>Contact</matchRuleSObjectType><matchingRule>Email</matchingRule></duplicateRuleMatchRules><isActive>true</isActive><masterLabel>Same</masterLabel><securityOption>BypassSharingRules</securityOption><sortOrder>1</sortOrder></DuplicateRule>`,
  );
  org = createOrg({ projectDir: folder, clock: new ShiftableClock(), random: systemRandom });
  server = await serve((request) => org.handle(request));
});
after(async () => {
  await server.close();
  org.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: string[], token = ''): Promise<{ status: number | null; output: string }> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'scripts/check-org.ts'), ...args], {
      cwd: root,
      env: { ...process.env, SF_ACCESS_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (status) => done({ status, output }));
  });

test('it names each rule of the org and says which can refuse Concord', async () => {
  const { status, output } = await run(['--instance-url', server.url], org.info.accessToken);
  assert.equal(status, 1, output);
  const told = output.split('\n').map((line) => line.split(':').slice(0, 2).join(':'));
  assert.deepEqual(
    told.filter((line) => line !== ''),
    [
      'Case: validation rule Closed_Stays can refuse',
      'Case: validation rule Polite lets Concord pass',
      'Case: flow Set_Back can refuse',
      'Case: workflow rule Notes can change values',
      'Case: trigger Theirs can refuse',
      'Case: assignment rule Desk can change values',
      'Case: approval process Refund can refuse',
      '7 rules listed: 4 can refuse what Concord saves',
    ],
  );
  assert.match(output, /says “No\.”; let it pass \$Permission\.Concord_Sync/);
  assert.match(output, /Refund can refuse: locks records while they wait for approval: only administrators edit them/);
});

test('it names the duplicate rules of an object that has them', async () => {
  const read = async (path: string): Promise<any> => {
    const { status, body } = await org.handle({
      method: 'GET',
      url: `/services/data/v67.0${path}`,
      headers: { authorization: `Bearer ${org.info.accessToken}` },
      body: '',
    });
    assert.equal(status, 200, body);
    return JSON.parse(body);
  };
  const rules = await readRules(
    {
      query: async (soql) => (await read(`/query?q=${encodeURIComponent(soql)}`)).records,
      tooling: async (soql) => (await read(`/tooling/query?q=${encodeURIComponent(soql)}`)).records,
      describe: (object) => read(`/sobjects/${object}/describe`),
    },
    {
      object: 'Contact',
      synced: new Set(['lastname']),
      own: { triggers: new Set(), validationRules: new Set(), fields: new Set() },
    },
  );
  assert.deepEqual(
    rules?.map(({ kind, name, effect }) => [kind, name, effect]),
    [['duplicate rule', 'Same', 'can refuse']],
  );
});

test('of an object that the org does not have it knows no rules; any other failure is one', async () => {
  const asked = {
    object: 'Nope__c',
    synced: new Set<string>(),
    own: { triggers: new Set<string>(), validationRules: new Set<string>(), fields: new Set<string>() },
  };
  const failing = (errorCode: string) => ({
    query: async () => [],
    tooling: async () => [],
    describe: () => Promise.reject(Object.assign(new Error(errorCode), { errorCode })),
  });
  assert.equal(await readRules(failing('NOT_FOUND'), asked), null);
  await assert.rejects(readRules(failing('INVALID_SESSION_ID'), asked), /INVALID_SESSION_ID/);
});

test('without an org it says what to give', async () => {
  const { status, output } = await run([]);
  assert.equal(status, 2);
  assert.match(output, /name an org: --target-org, or --instance-url with SF_ACCESS_TOKEN/);
});
