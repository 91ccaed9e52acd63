import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startOrgService, type OrgService } from 'local-org/service.ts';
import { removeProject } from '../../../scripts/deploying/remove-project.ts';
import { connectTo, type OrgConnection } from '../../../src/story/org/connect.ts';
import { Progress } from '../../../src/story/progress.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const SAMPLES = ['nyc311'];

let org: OrgService;
let connection: OrgConnection;
before(async () => {
  org = await startOrgService({ projectDir: PROJECT });
  connection = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
});
after(() => org.stop());

const ids = async (soql: string): Promise<string[]> =>
  (await connection.query<{ Id: string }>(soql)).records.map(({ Id }) => Id);

test('Concord goes without residue, and what is the host’s stays', async () => {
  const activated = await connection.tooling.executeAnonymous(
    'ConcordSetup.activateSync(); ConcordSchedule.install();',
  );
  assert.ok(activated.success, String(activated.exceptionMessage ?? activated.compileProblem));
  const created = await connection.sobject('Case').create({ Subject: 'Stays' });
  assert.ok(created.success);
  const [user] = await ids('SELECT Id FROM User WHERE IsActive = true LIMIT 1');
  const [set] = await ids("SELECT Id FROM PermissionSet WHERE Name = 'Concord_Agent'");
  await connection.sobject('PermissionSetAssignment').create({ AssigneeId: user!, PermissionSetId: set! });

  const planned = await removeProject(connection, { samples: SAMPLES, dryRun: true }, new Progress());
  assert.ok(planned.components.includes('CustomField Case.Sync_Key__c'));
  assert.ok(planned.components.includes('CustomObject Sync_Control__c'));
  assert.ok(!planned.components.some((name) => name === 'CustomObject Case'));
  assert.ok(planned.assignments >= 1 && planned.records.Sync_Control__c! >= 1, JSON.stringify(planned));
  assert.equal((await ids("SELECT Id FROM PermissionSet WHERE Name = 'Concord_Agent'")).length, 1);

  const removed = await removeProject(connection, { samples: SAMPLES, dryRun: false }, new Progress());
  assert.deepEqual(removed.left, []);
  assert.deepEqual(removed.components, planned.components);

  const { fields } = await connection.describe('Case');
  assert.deepEqual(
    fields.map(({ name }) => name).filter((name) => name.endsWith('__c')),
    [],
  );
  const { sobjects } = await connection.describeGlobal();
  assert.deepEqual(
    sobjects.map(({ name }) => name).filter((name) => /__(?:c|e|mdt)$/.test(name)),
    [],
  );
  for (const left of [
    'SELECT Id FROM ApexClass',
    'SELECT Id FROM ApexTrigger',
    "SELECT Id FROM PermissionSet WHERE Name LIKE 'Concord%'",
    'SELECT Id FROM CustomPermission',
    "SELECT Id FROM CronTrigger WHERE State IN ('WAITING', 'ACQUIRED', 'EXECUTING')",
  ])
    assert.deepEqual(await ids(left), [], left);

  assert.ok((await connection.sobject('Case').update({ Id: created.id, Subject: 'Still here' })).success);
  const again = await removeProject(connection, { samples: SAMPLES, dryRun: false }, new Progress());
  assert.deepEqual([again.components, again.left], [[], []]);
});
