import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startOrgService, type OrgService } from 'local-org/service.ts';
import { runScript, type ScriptResult } from '../../scripts/scratch/run-script.ts';
import { emptyProject } from '../support/empty-project.ts';

const MAPPING = { object: 'Case', fields: { Subject: 'Title', Incident_Zip__c: 'Zip' } };
const ROWS = 'Title,Zip\nStreet light out,11102\nNoise,10001\n';

let home: string;
let hub: OrgService;
let plain: OrgService;

/** Runs the command line as a person would; logins are kept in the folder of the test. */
const scratch = (...args: string[]): Promise<ScriptResult> => runScript('scripts/scratch.ts', args);

/** Logs this machine in to the org, as `sf org login access-token` does. */
const logIn = async ({ info: { username, accessToken }, instanceUrl }: OrgService, alias: string): Promise<void> => {
  // Only now, or it would look for logins in the real home folder.
  const { AuthInfo } = await import('@salesforce/core');
  const authInfo = await AuthInfo.create({
    username,
    accessTokenOptions: { accessToken, instanceUrl, loginUrl: instanceUrl },
  });
  await authInfo.save();
  await authInfo.setAlias(alias);
};

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'concord-scratch-test-'));
  Object.assign(process.env, { HOME: home, SF_DISABLE_TELEMETRY: 'true', SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' });
  // scratch orgs are empty, and neither of these needs more
  const projectDir = await emptyProject(join(home, 'project'));
  [hub, plain] = await Promise.all([
    startOrgService({ projectDir, devHub: { maxActive: 1 } }),
    startOrgService({ projectDir }),
  ]);
  await logIn(hub, 'hub');
  await logIn(plain, 'plain');
  await writeFile(join(home, 'rows.csv'), ROWS);
  await writeFile(join(home, 'map.json'), JSON.stringify(MAPPING));
});

after(async () => {
  await Promise.all([hub.stop(), plain.stop()]);
  await rm(home, { recursive: true, force: true });
});

test('a scratch org is made, filled, checked and deleted', async (t) => {
  const seed = ['--input', join(home, 'rows.csv'), '--map', join(home, 'map.json')];
  const created = await scratch(
    'create',
    '--target-dev-hub',
    'hub',
    '--alias',
    'fresh',
    '--duration-days',
    '1',
    ...seed,
  );
  assert.equal(created.status, 0, created.output);
  assert.match(created.output, /components deployed/);
  assert.match(
    created.output,
    /permission sets assigned: Concord_Admin, Concord_Cases_Admin, NYC_311_Fields, Concord_Usage_Sales, Concord_Usage_Billing, Concord_Feeds_Operator, Concord_Integration, Concord_Cases_Integration, Concord_Usage_Integration/,
  );
  assert.match(created.output, /2 rows seeded, 0 rejected/);
  assert.match(created.output, /8 checks passed, 0 failed/);

  await t.test('the org holds what was deployed and seeded, and the sync has carried it', async () => {
    const { Org } = await import('@salesforce/core');
    const [, username] = /scratch org (\S+), alias fresh/.exec(created.output) ?? [];
    const org = await Org.create({ aliasOrUsername: username! });
    const { records } = await org.getConnection().query('SELECT Subject, Sync_Status__c FROM Case ORDER BY Subject');
    assert.deepEqual(
      records.map(({ attributes: _, ...row }) => row),
      [
        { Subject: 'Noise', Sync_Status__c: 'Success' },
        { Subject: 'Street light out', Sync_Status__c: 'Success' },
      ],
    );
    const jobs = await org.getConnection().query('SELECT Id FROM CronTrigger');
    assert.ok(jobs.totalSize > 0, 'the reconciliation job is scheduled');
  });

  await t.test('a second one is refused with what to do about the limit', async () => {
    const { status, output } = await scratch('create', '--target-dev-hub', 'hub', '--no-seed', '--no-e2e');
    assert.equal(status, 1);
    assert.match(output, /active scratch org limit of 1/);
    assert.match(output, /npm run scratch -- delete --target-org USER[^]*test-.*@example\.com \(Concord\), until/);
  });

  await t.test('it is deleted with its login', async () => {
    const deleted = await scratch('delete', '--alias', 'fresh');
    assert.equal(deleted.status, 0, deleted.output);
    const files = await readdir(join(home, '.sfdx'));
    assert.deepEqual(
      files.filter((name) => name.startsWith('test-')),
      [],
    );
  });
});

test('what cannot be used is told before anything is made', async () => {
  const { findDevHub } = await import('../../scripts/scratch/dev-hub.ts');
  const { checkDefinition } = await import('../../scripts/scratch/definition.ts');
  await assert.rejects(findDevHub('plain'), /is not a Dev Hub: switch it on in Setup/);
  await assert.rejects(
    findDevHub('nobody'),
    /not logged in to an org called nobody; log in with `sf org login web --alias nobody`/,
  );
  await assert.rejects(findDevHub(null), /no Dev Hub is named and this machine has no default one/);
  const none = join(home, 'none.json');
  await assert.rejects(
    checkDefinition(none),
    /none\.json cannot be read \(ENOENT\); check the path after --definition/,
  );
});
