import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApexDouble, ApexEnum, Decimal, toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { dec, methods, statics } from './fake-runtime.ts';

const dbl = (value: number): ApexDouble => new ApexDouble(value);

describe('valueOf', () => {
  const good: [string, unknown, unknown][] = [
    ['Integer', '42', 42],
    ['Integer', '-2147483648', -2147483648],
    ['Integer', '+7', 7],
    ['Integer', dec('3.9'), 3],
    ['Long', '9223372036854775807', 9223372036854775807n],
    ['Long', 5, 5n],
    ['Boolean', 'TRUE', true],
    ['Boolean', 'yes', false],
  ];
  for (const [type, text, expected] of good) {
    test(`${type}.valueOf(${String(text)})`, () => assert.equal(statics(type).valueOf(text), expected));
  }
  const shown: [string, unknown, string][] = [
    ['Decimal', '12.50', '12.50'],
    ['Decimal', dbl(0.1), '0.1'],
    ['Decimal', 12n, '12'],
    ['Double', '1.5', '1.5'],
    ['Double', dec('2'), '2.0'],
  ];
  for (const [type, value, expected] of shown) {
    test(`${type}.valueOf(${toApexString(value)})`, () =>
      assert.equal(toApexString(statics(type).valueOf(value)), expected));
  }
  const bad: [string, string, string][] = [
    ['Integer', 'abc', 'Invalid integer: abc'],
    ['Integer', '1.5', 'Invalid integer: 1.5'],
    ['Integer', '2147483648', 'Invalid integer: 2147483648'],
    ['Integer', '', 'Invalid integer: '],
    ['Long', '9223372036854775808', 'Invalid long: 9223372036854775808'],
    ['Decimal', 'x', 'Invalid decimal: x'],
    ['Double', '1,5', 'Invalid double: 1,5'],
  ];
  for (const [type, text, message] of bad) {
    test(`${type}.valueOf('${text}') is an error`, () =>
      throwsApex(() => statics(type).valueOf(text), 'TypeException', message));
  }
  for (const type of ['Integer', 'Long', 'Decimal', 'Double', 'Boolean', 'Id']) {
    test(`${type}.valueOf(null)`, () =>
      throwsApex(() => statics(type).valueOf(null), 'NullPointerException', 'Argument cannot be null.'));
  }
});

describe('Decimal and Long', () => {
  const D = methods('Decimal');
  test('format groups and shows at most three decimals', () => {
    assert.equal(D.format!(dec('1234567.8915')), '1,234,567.892');
    assert.equal(D.format!(dec('123456789012345678901234.5')), '123,456,789,012,345,678,901,234.5');
    assert.equal(methods('Integer').format!(-1234), '-1,234');
  });
  test('conversions cut and wrap', () => {
    assert.equal(D.intValue!(dec('1.6')), 1);
    assert.equal(D.intValue!(dec('4294967297')), 1);
    assert.equal(D.longValue!(dec('-1.9')), -1n);
    assert.equal(methods('Long').intValue!(4294967299n), 3);
    assert.equal(D.doubleValue!(dec('1.10')).value, 1.1);
  });
  test('rounding takes a mode', () => {
    assert.equal(D.round!(dec('2.5')), 2n);
    assert.equal(D.round!(dec('2.5'), new ApexEnum('RoundingMode', 'HALF_UP', 4)), 3n);
    assert.equal(toApexString(D.setScale!(dec('2.345'), 2, new ApexEnum('RoundingMode', 'FLOOR', 3))), '2.34');
    assert.equal(toApexString(D.divide!(dec('1'), dec('3'), 3)), '0.333');
    assert.equal(methods('Double').round!(dbl(2.5)), 3n);
  });
});

describe('Math', () => {
  const M = statics('Math');
  const cases: [string, unknown[], string][] = [
    ['abs', [-5], '5'],
    ['abs', [-5n], '5'],
    ['abs', [dec('-1.50')], '1.50'],
    ['abs', [-2147483648], '-2147483648'],
    ['max', [3, 7], '7'],
    ['max', [dec('1.50'), dec('1.5')], '1.50'],
    ['min', [3n, 2n], '2'],
    ['mod', [-7, 3], '-1'],
    ['mod', [12n, 5n], '2'],
    ['ceil', [dec('1.01')], '2'],
    ['floor', [dec('-1.01')], '-2'],
    ['floor', [dbl(1.9)], '1.0'],
    ['rint', [dbl(2.5)], '2.0'],
    ['round', [dec('4.5')], '4'],
    ['round', [dec('5.5')], '6'],
    ['round', [dbl(4.5)], '5'],
    ['round', [dbl(-4.5)], '-4'],
    ['roundToLong', [dbl(1e18)], '1000000000000000000'],
    ['pow', [dbl(2), dbl(10)], '1024.0'],
    ['sqrt', [dbl(2)], '1.4142135623730951'],
    ['signum', [dec('-3')], '-1'],
    ['cbrt', [dec('27')], '3'],
  ];
  for (const [name, args, expected] of cases) {
    test(`${name}(${args.map(toApexString).join(', ')})`, () =>
      assert.equal(toApexString(M[name]!(...args)), expected));
  }
  test('mod by zero', () => throwsApex(() => M.mod!(1, 0), 'MathException', 'Divide by 0'));
  test('null', () => throwsApex(() => M.abs!(null), 'NullPointerException', 'Argument cannot be null.'));
  test('random is in [0, 1)', () => {
    const value = (M.random!() as ApexDouble).value;
    assert.ok(value >= 0 && value < 1);
  });
});

describe('Id', () => {
  const I = statics('Id');
  test('takes 15 and 18 characters and repairs case', () => {
    assert.equal(I.valueOf('500000000000001'), '500000000000001AAA');
    assert.equal(I.valueOf('5001N00001XYZabQAG'.toLowerCase().toUpperCase().slice(0, 15)).length, 18);
    assert.equal(methods('Id').to15!('500000000000001AAA'), '500000000000001');
    assert.ok(methods('Id').equals!('500000000000001AAA', '500000000000001'));
  });
  for (const text of ['', 'x', '50000000000000', '500000000000001AAB', '50000000000000-']) {
    test(`refuses '${text}'`, () => throwsApex(() => I.valueOf(text), 'StringException', `Invalid id: ${text}`));
  }
  test('knows its object', () => assert.equal(methods('Id').getSobjectType!('500000000000001AAA').object, 'Case'));
});

test('Decimal of a stripped number still computes', () => {
  assert.equal(Decimal.parse('100')!.stripTrailingZeros().add(dec('0.5')).toString(), '100.5');
});
