/** Core deploys alone, and with any one flow: each package directory needs nothing but those before it. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import { createOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { readProject } from '../../scripts/metadata/package-directories.ts';

const root = resolve(import.meta.dirname, '../..');
const { packageDirectories, sourceApiVersion } = readProject(root);

/** A project that has only those package directories of this one whose path begins so. */
const withProject = async (beginnings: string[], work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-packages-'));
  try {
    const kept = packageDirectories.filter(({ path }) => beginnings.some((beginning) => path.startsWith(beginning)));
    for (const { path } of kept) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    writeFileSync(join(folder, 'sfdx-project.json'), JSON.stringify({ packageDirectories: kept, sourceApiVersion }));
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

for (const beginnings of [
  ['force-app/core'],
  ['force-app/core', 'force-app/cases'],
  ['force-app/core', 'force-app/usage'],
  ['force-app/core', 'force-app/feeds'],
]) {
  const name = beginnings.join(' and ');

  test(`${name} compiles and passes its Apex tests`, () =>
    withProject(beginnings, async (projectDir) => {
      const clock = new ManualClock(Date.UTC(2026, 0, 5, 9));
      const org = createOrg({ projectDir, clock, random: seededRandom(1) });
      try {
        const { outcomes } = org.runTests();
        const failed = outcomes.filter(({ outcome }) => outcome !== 'Pass');
        assert.deepEqual(
          failed.map(({ className, methodName, message }) => `${className}.${methodName}: ${message}`),
          [],
        );
        assert.ok(outcomes.length >= 80, `${outcomes.length} tests ran`);
      } finally {
        org.close();
      }
    }));

  test(`${name} converts to the format of the Metadata API`, () =>
    withProject(beginnings, async (projectDir) => {
      const folders = readProject(projectDir).packageDirectories.map(({ path }) => join(projectDir, path));
      const set = ComponentSet.fromSource(folders);
      set.sourceApiVersion = sourceApiVersion;
      const { zipBuffer } = await new MetadataConverter().convert(set, 'metadata', { type: 'zip' });
      assert.ok(zipBuffer && zipBuffer.length > 0);
    }));
}
