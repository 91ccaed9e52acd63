import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openParseCache, parseCacheDir } from '../../src/parse-cache.ts';
import type { SourceUnit } from '../../src/compiler/types.ts';

const directory = mkdtempSync(join(tmpdir(), 'parse-cache-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const folder = join(directory, '.local-org', 'parsed-apex');
const entries = (): string[] => readdirSync(folder);
/** The text of the entry in which a class of this name was parsed. */
const readEntry = (name: string): string =>
  entries()
    .map((entry) => readFileSync(join(folder, entry), 'utf8'))
    .find((text) => text.includes(`"${name}"`))!;
const unit = (text: string): SourceUnit => ({ kind: 'class', name: 'A', path: 'A.cls', text });

test('what was parsed once comes from the file, and changed text is parsed again', () => {
  const first = openParseCache(directory);
  const parsed = first.parse(unit('class A { Integer x; }'));
  first.save();
  const second = openParseCache(directory);
  assert.deepEqual(second.parse(unit('class A { Integer x; }')), JSON.parse(JSON.stringify(parsed)));
  assert.notDeepEqual(second.parse(unit('class A { String x; }')), parsed);
});

test('projects share a folder, and what nobody asks for stays in it', () => {
  const other = openParseCache(directory);
  other.parse(unit('class B {}'));
  other.save();
  assert.equal(entries().length, 2);
  assert.deepEqual(openParseCache(directory).parse(unit('class B {}')), JSON.parse(readEntry('B')));
});

test('a broken entry is parsed again', () => {
  for (const name of entries()) writeFileSync(join(folder, name), '{');
  assert.equal(openParseCache(directory).parse(unit('class B {')).errors.length > 0, true);
  assert.deepEqual(openParseCache(directory).parse(unit('class B {}')).errors, []);
});

test('entries of more than a month ago are dropped', () => {
  const old = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
  for (const name of entries()) utimesSync(join(folder, name), old, old);
  const cache = openParseCache(directory);
  cache.parse(unit('class C {}'));
  cache.save();
  assert.equal(entries().length, 1);
});

test('the directory is the one asked for, else that of the environment, else the project', () => {
  const projectDir = 'project';
  delete process.env.LOCAL_ORG_CACHE_DIR;
  assert.equal(parseCacheDir({ projectDir }), 'project');
  process.env.LOCAL_ORG_CACHE_DIR = 'shared';
  assert.equal(parseCacheDir({ projectDir }), 'shared');
  assert.equal(parseCacheDir({ projectDir, cacheDir: 'asked' }), 'asked');
});
