import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { componentSources, stripTypes } from '../../scripts/lwc/components.ts';
import { PATHS_FILE, pathsFileText } from '../../scripts/lwc/paths.ts';

test('the JavaScript of a component has no types and keeps its decorators', () => {
  const text = stripTypes('force-app/cases/main/default/lwc/syncStatusBadge/syncStatusBadge.ts');
  assert.match(text, /@api\s+recordId;/);
  assert.match(text, /@wire\(getRecord, \{/);
  assert.doesNotMatch(text, /import type|: void|RecordRepresentation|__decorate|interface /);
});

test('every TypeScript file of a component has its place for JavaScript', () => {
  const outputs = componentSources().map(({ output }) => output);
  assert.ok(outputs.includes('force-app/cases/main/default/lwc/syncStatusBadge/syncStates.js'));
  assert.ok(outputs.every((output) => output.endsWith('.js')));
});

test('the paths TypeScript finds components by are up to date', () => {
  assert.equal(readFileSync(PATHS_FILE, 'utf8'), pathsFileText(), 'run `npm run build:lwc`');
});
