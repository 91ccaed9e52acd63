import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSupportedVersion, listVersions } from '../../src/api/versions.ts';

test('names versions by their release', () => {
  const labels = new Map(listVersions().map(({ version, label }) => [version, label]));
  assert.equal(labels.get('61.0'), "Summer '24");
  assert.equal(labels.get('62.0'), "Winter '25");
  assert.equal(labels.get('67.0'), "Summer '26");
});

test('knows which versions it answers to', () => {
  assert.equal(isSupportedVersion('67.0'), true);
  assert.equal(isSupportedVersion('68.0'), false);
  assert.equal(isSupportedVersion('67'), false);
});
