import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from '../../src/compiler/index.ts';
import type { CompiledModule } from '../../src/compiler/types.ts';
import { ApexList, ApexMap, SObject } from '../../src/platform/values/index.ts';
import { compileTexts, compileUnits, shown, unit } from './support/compile-text.ts';
import { runScript, TestRuntime } from './support/test-runtime.ts';

function only(files: Record<string, string>, path = Object.keys(files)[0]!): CompiledModule {
  const output = compileTexts(files);
  assert.deepEqual(shown(output), []);
  return output.modules.find((module) => module.path === path)!;
}

describe('triggers', () => {
  const trigger = only({
    'CaseTrigger.trigger': `trigger CaseTrigger on Case (before insert, after update) {
      if (Trigger.isBefore && Trigger.isInsert) {
        for (Case each : Trigger.new) each.Subject += ' ' + Trigger.size;
      }
      if (Trigger.isAfter) System.debug(Trigger.oldMap.get('500000000000001AAA').Subject + Trigger.operationType);
    }`,
  });

  test('tell their object and events', () => {
    assert.deepEqual(trigger.trigger, {
      name: 'CaseTrigger',
      object: 'Case',
      events: ['before insert', 'after update'],
    });
  });

  test('see records of their object', () => {
    const runtime = new TestRuntime([trigger]);
    const record = new SObject('Case', { Id: '500000000000001AAA', Subject: 'a' });
    runtime.trigger = { isBefore: true, isInsert: true, isAfter: true, size: 1, new: new ApexList('Case', [record]) };
    runtime.trigger.oldMap = new ApexMap('Id', 'Case', [[record.get('Id'), record]]);
    runtime.trigger.operationType = runtime.std['triggeroperation'].sp.before_insert.get();
    runScript(runtime, trigger);
    assert.equal(record.get('Subject'), 'a 1');
    assert.deepEqual(runtime.log, ['a 1BEFORE_INSERT']);
  });
});

describe('what the platform is told of a class', () => {
  const { class: info, executableLines } = only({
    'Service.cls': `@RestResource(urlMapping='/x/*')
global without sharing class Service extends Base implements Database.Batchable<Case>, Queueable {
  @HttpPost
  global static String post(String body, List<Integer> numbers) {
    Integer i = 1;
    if (i > 1) {
      i++;
    } else if (i < 0) {
      i--;
    }
    return body;
  }
  @AuraEnabled(cacheable=true)
  public static void over(Integer a) {}
  public static void over(String a) {}
  public Database.QueryLocator start(Database.BatchableContext c) { return null; }
  public void execute(Database.BatchableContext c, List<Case> scope) {}
  public void execute(QueueableContext c) {}
  public void finish(Database.BatchableContext c) {}
  public enum Kind { A }
}`,
    'Base.cls': 'public virtual class Base implements Comparable { public Integer compareTo(Object o) { return 0; } }',
  });

  test('its kind, sharing, ancestors', () => {
    assert.deepEqual(
      [info?.name, info?.kind, info?.sharing, info?.superclass, info?.interfaces],
      ['Service', 'class', 'without', 'Base', ['Database.Batchable<Case>', 'Queueable', 'Comparable']],
    );
    assert.deepEqual(info?.annotations, [{ name: 'restresource', parameters: { urlmapping: '/x/*' } }]);
    assert.deepEqual(
      info?.inner.map(({ name, kind }) => [name, kind]),
      [['Service.Kind', 'enum']],
    );
  });

  test('its methods and their members', () => {
    const members = info?.methods.map((method) => [method.name, method.member, method.static]);
    assert.deepEqual(members, [
      ['post', 'post$2', true],
      ['over', 'over$1$integer', true],
      ['over', 'over$1$string', true],
      ['start', 'start$1', false],
      ['execute', 'execute$2', false],
      ['execute', 'execute$1', false],
      ['finish', 'finish$1', false],
    ]);
    assert.deepEqual(info?.methods[0]?.parameters, [
      { name: 'body', type: 'String' },
      { name: 'numbers', type: 'List<Integer>' },
    ]);
    assert.deepEqual(info?.methods[1]?.annotations, [{ name: 'auraenabled', parameters: { cacheable: true } }]);
  });

  test('its executable lines', () => assert.deepEqual(executableLines, [5, 6, 7, 8, 9, 11, 16]));
});

test('coverage counts each statement', () => {
  const units = [unit('run.apex', 'Integer i = 1;\nif (i > 1) {\n  i = 2;\n} else if (i == 1) {\n  i = 3;\n}')];
  const { modules } = compileUnits(units, { coverage: true });
  const runtime = new TestRuntime(modules);
  runScript(runtime, modules[0]!);
  assert.deepEqual(runtime.log, ['cover run.apex:1', 'cover run.apex:2', 'cover run.apex:4', 'cover run.apex:5']);
});

test('loops and calls are counted', () => {
  const module = only({ 'run.apex': 'for (Integer i = 0; i < 3; i++) { f(); }\nvoid f() {}' });
  const runtime = new TestRuntime([module]);
  runScript(runtime, module);
  assert.equal(runtime.ticks, 1 + 3 + 3);
});

test('units can be declared without being compiled again', () => {
  const units = [
    unit('A.cls', 'public class A { public static Integer x() { return 1; } }'),
    unit('run.apex', 'Integer i = A.x();'),
  ];
  const output = compileUnits(units, { declareOnly: ({ kind }) => kind === 'class' });
  assert.deepEqual(shown(output), []);
  assert.deepEqual(
    output.modules.map(({ name }) => name),
    ['anonymous'],
  );
});

test('parsed units may come from elsewhere, and are not changed', () => {
  const source = unit('A.cls', 'public class A { Integer a = 1; Integer b { get; set; } void c() { a += b; } }');
  let parsed: unknown;
  const first = compileUnits([source], {
    parse: (given) => {
      const made = parse(given.kind, given.text);
      parsed = made;
      return made;
    },
  });
  assert.deepEqual(shown(first), []);
  assert.deepEqual(parsed, parse(source.kind, source.text));
});

test('two classes of one name are an error', () => {
  const output = compileUnits([
    unit('A.cls', 'public class A {}'),
    { ...unit('A.cls', 'public class A {}'), path: 'other/A.cls' },
  ]);
  assert.deepEqual(shown(output), ['other/A.cls:1:14 Duplicate class: A']);
});

test('WITH SECURITY_ENFORCED ends with API version 67', () => {
  const text = 'public class A { void b() { List<Case> c = [SELECT Id FROM Case WITH SECURITY_ENFORCED]; } }';
  assert.deepEqual(shown(compileUnits([unit('A.cls', text, 66)])), []);
  assert.deepEqual(shown(compileUnits([unit('A.cls', text, 67)])), [
    'A.cls:1:45 WITH SECURITY_ENFORCED is not allowed from API version 67.0 on: use WITH USER_MODE',
  ]);
});
