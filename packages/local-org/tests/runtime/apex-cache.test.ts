import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { apexCacheDir, openApexCache, type CompilerFiles } from '../../src/apex-cache.ts';
import { compile } from '../../src/compiler/index.ts';
import type { CompileInput, CompileOutput, SourceUnit } from '../../src/compiler/types.ts';
import { supportedMembers } from '../../src/platform/std/index.ts';
import { catalogue, unit } from '../compiler/support/compile-text.ts';
import { schema } from '../compiler/support/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'apex-cache-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const folder = join(directory, '.local-org', 'parsed-apex');
const compiledFolder = join(directory, '.local-org', 'compiled-apex');
const entries = (of = folder): string[] => readdirSync(of);
/** The text of the entry in which a class of this name was parsed. */
const readEntry = (name: string): string =>
  entries()
    .map((entry) => readFileSync(join(folder, entry), 'utf8'))
    .find((text) => text.includes(`"${name}"`))!;
const NO_COVERAGE = { coverage: false };
/** Compiles, which is when an entry is written. */
const compiled = (input: CompileInput): CompileOutput => openApexCache(directory).compile(input, NO_COVERAGE);
const program = (...units: SourceUnit[]): CompileInput => ({ units, catalogue, schema, supported: supportedMembers() });
const classUnit = (text: string): SourceUnit => unit(`${/class (\w+)/.exec(text)![1]}.cls`, text);

test('what was parsed once comes from the file, and changed text is parsed again', () => {
  const parsed = openApexCache(directory).parse(classUnit('class A { Integer x; }'));
  compiled(program(classUnit('class A { Integer x; }')));
  assert.equal(entries().length, 1);
  const second = openApexCache(directory);
  assert.deepEqual(second.parse(classUnit('class A { Integer x; }')), JSON.parse(JSON.stringify(parsed)));
  assert.notDeepEqual(second.parse(classUnit('class A { String x; }')), parsed);
});

test('projects share a folder, and what nobody asks for stays in it', () => {
  compiled(program(classUnit('class B {}')));
  assert.equal(entries().length, 2);
  assert.deepEqual(openApexCache(directory).parse(classUnit('class B {}')), JSON.parse(readEntry('B')));
});

test('a broken entry is made again', () => {
  for (const name of entries()) writeFileSync(join(folder, name), '{');
  for (const name of entries(compiledFolder)) writeFileSync(join(compiledFolder, name), '{');
  assert.equal(openApexCache(directory).parse(classUnit('class B {')).errors.length > 0, true);
  assert.deepEqual(openApexCache(directory).parse(classUnit('class B {}')).errors, []);
  assert.equal(compiled(program(classUnit('class B {}'))).modules.length, 1);
});

test('entries of more than a month ago are dropped', () => {
  const old = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
  for (const name of entries()) utimesSync(join(folder, name), old, old);
  compiled(program(classUnit('class C {}')));
  assert.equal(entries().length, 1);
});

describe('a compiled program', () => {
  const caller = unit('A.cls', 'class A { static Object of(Account a) { return B.of(a.Industry); } }');
  const callee = unit('B.cls', 'class B { public static Object of(String name) { return name; } }');
  const input = program(caller, callee);
  /** In the place of every entry, so that what comes from one is told from what was compiled. */
  const KEPT: CompileOutput = { modules: [], diagnostics: [] };
  const keep = (): void => {
    compiled(input);
    for (const name of entries(compiledFolder)) writeFileSync(join(compiledFolder, name), JSON.stringify(KEPT));
  };
  /** Fails unless it was compiled now. */
  const compiledNow = (changed: CompileInput): CompileOutput => {
    keep();
    const output = compiled(changed);
    assert.notDeepEqual(output, KEPT);
    return output;
  };
  const errors = (output: CompileOutput): string[] =>
    output.diagnostics.map(({ path, message }) => `${path} ${message}`);

  test('is the same from the file as from the compiler, mistakes and all', () => {
    const mistaken = program(caller, callee, unit('D.cls', 'class D { Integer x = missing; }'));
    const first = compiled(mistaken);
    assert.deepEqual(errors(first), ['D.cls Variable does not exist: missing']);
    assert.deepEqual(compiled(mistaken), JSON.parse(JSON.stringify(first)));
    assert.deepEqual(first, compile(mistaken));
  });

  test('is compiled once', () => {
    keep();
    assert.deepEqual(compiled(input), KEPT);
  });

  test('is compiled again when a class changes, or its API version', () => {
    const other = { ...caller, text: caller.text.replace('a.Industry', 'a.Name') };
    assert.match(compiledNow(program(other, callee)).modules[0]!.code, /"Name"/);
    compiledNow(program({ ...caller, apiVersion: 67 }, callee));
  });

  test('is compiled again when what another class calls changes: the caller does not compile any more', () => {
    const other = { ...callee, text: callee.text.replace('String name', 'Integer name') };
    assert.match(errors(compiledNow(program(caller, other))).join(), /A\.cls Method does not exist.*of\(String\)/);
  });

  test('is compiled again when a class goes', () => {
    assert.match(errors(compiledNow(program(caller))).join(), /A\.cls Variable does not exist: B/);
  });

  test('is compiled again when the type of a field changes', () => {
    const account = schema.objects['account']!;
    const fields = { ...account.fields, industry: { name: 'Industry', type: 'Decimal' } };
    const other = { objects: { ...schema.objects, account: { ...account, fields } } };
    assert.match(
      errors(compiledNow({ ...input, schema: other })).join(),
      /A\.cls Method does not exist.*of\(Decimal\)/,
    );
  });

  test('is compiled again when the platform has other members, or lines are counted', () => {
    compiledNow({ ...input, supported: new Set([...input.supported, 'string.m.another']) });
    compiledNow({
      ...input,
      catalogue: { types: { ...catalogue.types, another: { name: 'Another', kind: 'class' } } },
    });
    keep();
    assert.match(openApexCache(directory).compile(input, { coverage: true }).modules[0]!.code, /cover/);
  });

  test('is compiled again by another compiler, or one made of other packages', () => {
    const compiler = join(directory, 'compiler');
    const packageFile = join(directory, 'package.json');
    mkdirSync(join(compiler, '1-parse'), { recursive: true });
    writeFileSync(join(compiler, 'emit.ts'), '1');
    writeFileSync(packageFile, '1');
    const modulesWith = (): number => {
      const files: CompilerFiles = { compiler, packages: [packageFile] };
      const { modules } = openApexCache(directory, files).compile(input, NO_COVERAGE);
      for (const name of entries(compiledFolder)) writeFileSync(join(compiledFolder, name), JSON.stringify(KEPT));
      return modules.length;
    };
    assert.equal(modulesWith(), 2);
    assert.equal(modulesWith(), 0, 'kept');
    for (const path of [join(compiler, 'emit.ts'), join(compiler, '1-parse', 'parse.ts'), packageFile]) {
      writeFileSync(path, '2');
      assert.equal(modulesWith(), 2, path);
    }
  });
});

test('where nothing can be written, all is made', () => {
  const file = join(directory, 'no-folder');
  writeFileSync(file, '');
  const { modules } = openApexCache(file).compile(program(classUnit('class A {}')), NO_COVERAGE);
  assert.deepEqual(modules, compile(program(classUnit('class A {}'))).modules);
});

test('the directory is the one asked for, else that of the environment, else the project', () => {
  const projectDir = 'project';
  assert.equal(apexCacheDir({ projectDir }, {}), 'project');
  const environment = { LOCAL_ORG_CACHE_DIR: 'shared' };
  assert.equal(apexCacheDir({ projectDir }, environment), 'shared');
  assert.equal(apexCacheDir({ projectDir, cacheDir: 'asked' }, environment), 'asked');
});
