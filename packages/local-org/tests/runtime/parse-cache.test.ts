import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openParseCache } from '../../src/parse-cache.ts';
import type { SourceUnit } from '../../src/compiler/types.ts';

const directory = mkdtempSync(join(tmpdir(), 'parse-cache-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const unit = (text: string): SourceUnit => ({ kind: 'class', name: 'A', path: 'A.cls', text });

test('what was parsed once comes from the file, and changed text is parsed again', () => {
  const first = openParseCache(directory);
  const parsed = first.parse(unit('class A { Integer x; }'));
  first.save();
  const second = openParseCache(directory);
  assert.deepEqual(second.parse(unit('class A { Integer x; }')), JSON.parse(JSON.stringify(parsed)));
  assert.notDeepEqual(second.parse(unit('class A { String x; }')), parsed);
});

test('a broken file is no cache', () => {
  writeFileSync(join(directory, '.local-org', 'parsed-apex.json'), '{');
  assert.deepEqual(openParseCache(directory).parse(unit('class A {')).errors.length > 0, true);
});
