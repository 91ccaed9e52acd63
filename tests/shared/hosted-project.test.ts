import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { hostedProject } from '../../src/shared/hosted-project.ts';

let projectDir: string;
before(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'concord-project-'));
  for (const name of ['core', 'cases']) {
    mkdirSync(join(projectDir, name));
    writeFileSync(join(projectDir, name, 'A.cls'), 'Integer most = 1000; Integer other = 7;');
  }
  const project = { packageDirectories: [{ path: 'core' }, { path: 'cases' }] };
  writeFileSync(join(projectDir, 'sfdx-project.json'), JSON.stringify(project));
});
after(() => rmSync(projectDir, { recursive: true }));

const LIMIT = { file: 'cases/A.cls', limit: 'most = 1000;', smaller: 'most = 2;' };

test('a limit is smaller in the hosted project, and the project itself stays as it is', () => {
  const { folder, remove } = hostedProject(projectDir, ['/somewhere/host'], [LIMIT]);
  const { packageDirectories } = JSON.parse(readFileSync(join(folder, 'sfdx-project.json'), 'utf8')) as {
    packageDirectories: { path: string }[];
  };
  const [core, cases, host] = packageDirectories.map(({ path }) => resolve(folder, path));
  assert.deepEqual([core, host], [join(projectDir, 'core'), '/somewhere/host']);
  assert.equal(readFileSync(join(cases!, 'A.cls'), 'utf8'), 'Integer most = 2; Integer other = 7;');
  assert.match(readFileSync(join(projectDir, 'cases', 'A.cls'), 'utf8'), /most = 1000;/);
  remove();
  assert.ok(!existsSync(folder));
});

test('a limit that is not there any more is an error', () => {
  assert.throws(
    () => hostedProject(projectDir, [], [{ ...LIMIT, limit: 'most = 5;' }]),
    /A\.cls does not have "most = 5;" once/,
  );
});
