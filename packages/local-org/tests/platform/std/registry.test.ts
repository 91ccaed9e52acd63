import assert from 'node:assert/strict';
import { test } from 'node:test';
import catalogue from '../../../src/compiler/generated/type-catalogue.json' with { type: 'json' };
import type { CatalogueType } from '../../../src/compiler/types.ts';
import { enums } from '../../../src/platform/std/enums.ts';
import { registry, supportedMembers } from '../../../src/platform/std/index.ts';
import { bareRuntime } from '../../../src/platform/std/shared/bare-runtime.ts';
import { fakeRuntime } from './fake-runtime.ts';

const types = catalogue.types as unknown as Record<string, CatalogueType>;

/** Members that exist without standing in the catalogue. */
const UNCATALOGUED =
  /^(enum|.*\.s\.(values|valueof)|sobject\.s\.\w+|enum\.m\.\w+|schema\.describefieldresult\.p\.sobjecttype)$/;

const catalogued = (): Set<string> => {
  const names = new Set<string>();
  for (const [key, type] of Object.entries(types)) {
    names.add(key);
    if (type.constructors) names.add(`${key}.new`);
    if (type.values) names.add(`${key}.v`);
    for (const value of type.values ?? []) names.add(`${key}.p.${value.toLowerCase()}`);
    for (const method of type.methods ?? [])
      names.add(`${key}.${method.static ? 's' : 'm'}.${method.name.toLowerCase()}`);
    for (const field of type.fields ?? []) names.add(`${key}.p.${field.name.toLowerCase()}`);
  }
  return names;
};

test('every implemented member is a member of the platform, under the type that declares it', () => {
  const known = catalogued();
  const unknown = [...supportedMembers()].filter((member) => !known.has(member) && !UNCATALOGUED.test(member));
  assert.deepEqual(unknown, []);
});

test('members are spelled as the compiler looks them up', () => {
  const members = supportedMembers();
  for (const member of ['string.s.valueof', 'string.m.length', 'http.new', 'restrequest.p.params', 'logginglevel.v']) {
    assert.ok(members.has(member), member);
  }
  assert.ok(!members.has('string.m.template'), 'what is not implemented is absent');
});

test('each type is registered under its own name', () => {
  for (const [key, factory] of Object.entries(registry)) assert.equal(factory(bareRuntime()).name.toLowerCase(), key);
});

test('constants of enums are those of the catalogue, in order', () => {
  for (const [key, factory] of Object.entries(enums))
    assert.deepEqual(factory(bareRuntime()).values, types[key]?.values, key);
});

test('types come into being on first use, once for a transaction', () => {
  const $ = fakeRuntime();
  assert.equal($.std['string'], $.std['string']);
  assert.notEqual($.std['string'], fakeRuntime().std['string']);
  assert.equal($.std['logginglevel']!.sp!['debug']!.get(), $.std['logginglevel']!.sp!['debug']!.get());
});
