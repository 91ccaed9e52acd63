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
      '5 rules listed: 3 can refuse what Concord saves',
    ],
  );
  assert.match(output, /says “No\.”; let it pass \$Permission\.Concord_Sync/);
});

test('without an org it says what to give', async () => {
  const { status, output } = await run([]);
  assert.equal(status, 2);
  assert.match(output, /name an org: --target-org, or --instance-url with SF_ACCESS_TOKEN/);
});
