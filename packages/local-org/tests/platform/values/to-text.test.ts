import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexEnum,
  ApexException,
  apexException,
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  ApexTime,
  ApexType,
  Decimal,
  dmlException,
  toApexString,
} from '../../../src/platform/values/index.ts';

class Node_ extends ApexObject {
  static apexName = 'Tree.Node';
  static apexFields = [
    { name: 'label', member: 'label', type: 'String' },
    { name: 'next', member: 'next', type: 'Tree.Node' },
  ];
  label = 'x';
  next: Node_ | null = null;
}

class Named extends ApexObject {
  tostring$0(): string {
    return 'I am Named';
  }
}

class Problem extends ApexException {
  static apexName = 'Tree.ProblemException';
}

describe('text of values', () => {
  const looped = new Node_();
  looped.next = looped;
  const cases: [string, unknown, string][] = [
    ['null', null, 'null'],
    ['boolean', true, 'true'],
    ['long', 9007199254740993n, '9007199254740993'],
    ['decimal', Decimal.parse('1.50'), '1.50'],
    ['double that is whole', new ApexDouble(1), '1.0'],
    ['double from 1E7 on', new ApexDouble(10_000_000), '1.0E7'],
    ['double below 1E-3', new ApexDouble(0.00012), '1.2E-4'],
    ['double in between', new ApexDouble(9_999_999.5), '9999999.5'],
    ['negative zero', new ApexDouble(-0), '-0.0'],
    ['not a number', new ApexDouble(NaN), 'NaN'],
    ['day', ApexDate.of(2026, 11, 21), '2026-11-21 00:00:00'],
    ['moment', new ApexDatetime(Date.UTC(2026, 10, 21, 7, 30)), '2026-11-21 07:30:00'],
    ['time', ApexTime.of(7, 30, 5, 6), '07:30:05.006Z'],
    ['blob', ApexBlob.fromString('hello'), 'Blob[5]'],
    ['enum', new ApexEnum('Color', 'RED', 0), 'RED'],
    ['type', new ApexType('Tree.Node'), 'Tree.Node'],
    ['list', new ApexList('Object', [1, null, 'a']), '(1, null, a)'],
    ['empty list', new ApexList('Object'), '()'],
    ['long list', new ApexList('Integer', [...Array(12).keys()]), '(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...)'],
    ['set', new ApexSet('String', ['b', 'a']), '{b, a}'],
    [
      'map',
      new ApexMap('String', 'Integer', [
        ['k', 1],
        ['l', 2],
      ]),
      '{k=1, l=2}',
    ],
    ['object', new Node_(), 'Node:[label=x, next=null]'],
    ['object that refers to itself', looped, 'Node:[label=x, next=(already output)]'],
    ['object with toString', new ApexList('Named', [new Named()]), '(I am Named)'],
    ['platform exception', apexException('MathException', 'Divide by 0'), 'System.MathException: Divide by 0'],
    ['exception without a message', new Problem(), 'Tree.ProblemException: Script-thrown exception'],
    ['exception with a cause', new Problem('why', apexException('DmlException')), 'Tree.ProblemException: why'],
  ];
  for (const [name, value, expected] of cases) test(name, () => assert.equal(toApexString(value), expected));
});

test('a DmlException tells its first row', () => {
  const error = { code: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] };
  const exception = dmlException('Insert', [{ index: 2, id: null, object: 'Account', errors: [error] }]);
  assert.equal(
    exception.text(),
    'Insert failed. First exception on row 2; first error: REQUIRED_FIELD_MISSING, Required fields are missing: [Name]: [Name]',
  );
  const update = dmlException('Update', [
    { index: 0, id: '500000000000001AAA', object: 'Case', errors: [{ ...error, fields: [] }] },
  ]);
  assert.match(
    update.text(),
    /^Update failed\. First exception on row 0 with id 500000000000001AAA; first error: .*: \[\]$/,
  );
});

test('exceptions know where they were made', () => {
  const make = function makeIt(): ApexException {
    return apexException('MathException');
  };
  assert.match(make().stack ?? '', /makeIt/);
  assert.doesNotMatch(make().stack?.split('\n')[1] ?? '', /apexException/);
});

test('failed assertions cannot be caught', () => {
  assert.equal(apexException('AssertException', 'Assertion Failed').catchable, false);
  assert.equal(apexException('MathException', 'Divide by 0').catchable, true);
  assert.equal(new Problem().catchable, true);
});
