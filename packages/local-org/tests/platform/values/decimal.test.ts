import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Decimal, type RoundingModeName } from '../../../src/platform/values/index.ts';
import { throwsApex } from '../std/apex-error.ts';

const dec = (text: string): Decimal => Decimal.parse(text)!;

describe('Decimal arithmetic keeps the scale that the platform keeps', () => {
  const cases: [string, '+' | '-' | '*' | '/', string, string][] = [
    ['1.10', '+', '2.2', '3.30'],
    ['1.10', '-', '1.1', '0.00'],
    ['5', '-', '7.25', '-2.25'],
    ['2.50', '*', '4.00', '10.0000'],
    ['-0.5', '*', '0.5', '-0.25'],
    ['1', '/', '8', '0.125'],
    ['6.00', '/', '2', '3.00'],
    ['1', '/', '3', '0.3333333333333333333333333333333333'],
    ['2', '/', '3', '0.6666666666666666666666666666666667'],
    ['-2', '/', '3', '-0.6666666666666666666666666666666667'],
    ['100', '/', '0.3', '333.3333333333333333333333333333333'],
    ['0', '/', '3.5', '0'],
    ['12345678901234567890123456789', '/', '1', '12345678901234567890123456789'],
    ['99999999999999999999', '*', '99999999999999999999', '9999999999999999999800000000000000000001'],
  ];
  const run = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'over' } as const;
  for (const [a, operator, b, expected] of cases) {
    test(`${a} ${operator} ${b} is ${expected}`, () =>
      assert.equal(dec(a)[run[operator]](dec(b)).toString(), expected));
  }

  test('division by zero is a MathException', () =>
    throwsApex(() => dec('1').over(dec('0.0')), 'MathException', 'Divide by 0'));
});

describe('Decimal rounding', () => {
  const table: Record<string, Record<Exclude<RoundingModeName, 'UNNECESSARY'>, string>> = {
    '5.5': { UP: '6', DOWN: '5', CEILING: '6', FLOOR: '5', HALF_UP: '6', HALF_DOWN: '5', HALF_EVEN: '6' },
    '2.5': { UP: '3', DOWN: '2', CEILING: '3', FLOOR: '2', HALF_UP: '3', HALF_DOWN: '2', HALF_EVEN: '2' },
    '1.6': { UP: '2', DOWN: '1', CEILING: '2', FLOOR: '1', HALF_UP: '2', HALF_DOWN: '2', HALF_EVEN: '2' },
    '1.1': { UP: '2', DOWN: '1', CEILING: '2', FLOOR: '1', HALF_UP: '1', HALF_DOWN: '1', HALF_EVEN: '1' },
    '-1.1': { UP: '-2', DOWN: '-1', CEILING: '-1', FLOOR: '-2', HALF_UP: '-1', HALF_DOWN: '-1', HALF_EVEN: '-1' },
    '-2.5': { UP: '-3', DOWN: '-2', CEILING: '-2', FLOOR: '-3', HALF_UP: '-3', HALF_DOWN: '-2', HALF_EVEN: '-2' },
    '-5.5': { UP: '-6', DOWN: '-5', CEILING: '-5', FLOOR: '-6', HALF_UP: '-6', HALF_DOWN: '-5', HALF_EVEN: '-6' },
  };
  for (const [value, modes] of Object.entries(table)) {
    for (const [mode, expected] of Object.entries(modes)) {
      test(`${value} ${mode} is ${expected}`, () =>
        assert.equal(dec(value).round(mode as RoundingModeName), BigInt(expected)));
    }
  }

  test('without a mode, ties go to the even neighbour', () => {
    assert.equal(dec('5.245').setScale(2).toString(), '5.24');
    assert.equal(dec('5.235').setScale(2).toString(), '5.24');
    assert.equal(dec('4.5').round(), 4n);
  });

  test('UNNECESSARY refuses to round', () => {
    assert.equal(dec('1.50').setScale(1, 'UNNECESSARY').toString(), '1.5');
    throwsApex(() => dec('1.55').setScale(1, 'UNNECESSARY'), 'MathException', 'Scale insufficient');
  });

  test('divide takes its scale', () => {
    assert.equal(dec('19').divide(dec('100'), 3).toString(), '0.190');
    assert.equal(dec('22').divide(dec('7'), 2, 'UP').toString(), '3.15');
    assert.equal(dec('1.005').divide(dec('0.001'), 0).toString(), '1005');
  });

  test('scale grows and may be negative', () => {
    assert.equal(dec('1.5').setScale(4).toString(), '1.5000');
    assert.equal(dec('1250').setScale(-2).toPlainString(), '1200');
  });
});

describe('Decimal text', () => {
  const cases: [string, string, string][] = [
    ['1.0', '1.0', '1.0'],
    ['-0.05', '-0.05', '-0.05'],
    ['0.0000001', '1E-7', '0.0000001'],
    ['0.000001', '0.000001', '0.000001'],
    ['0.00000012', '1.2E-7', '0.00000012'],
    ['1e3', '1000', '1000'],
    ['1.5e-2', '0.015', '0.015'],
    ['+7', '7', '7'],
    ['.5', '0.5', '0.5'],
  ];
  for (const [source, text, plain] of cases) {
    test(source, () => {
      assert.equal(dec(source).toString(), text);
      assert.equal(dec(source).toPlainString(), plain);
    });
  }

  test('what is no number', () => {
    for (const text of ['', ' ', 'abc', '1,000', '1.2.3', '-', '.', '0x10', '1e', 'NaN'])
      assert.equal(Decimal.parse(text), null, text);
  });

  test('trailing zeros go, into a negative scale', () => {
    assert.equal(dec('10.5000').stripTrailingZeros().toString(), '10.5');
    assert.equal(dec('100').stripTrailingZeros().scale, -2);
    assert.equal(dec('100').stripTrailingZeros().toPlainString(), '100');
    assert.equal(dec('0.000').stripTrailingZeros().toString(), '0');
  });

  test('precision and scale', () => {
    assert.deepEqual([dec('123.456').precision(), dec('123.456').scale], [6, 3]);
    assert.equal(dec('4.12').pow(2).toString(), '16.9744');
  });

  test('of a double it is the shortest that reads back', () => {
    assert.equal(Decimal.fromNumber(0.1).toString(), '0.1');
    assert.equal(Decimal.fromNumber(5).toString(), '5');
    assert.equal(Decimal.fromNumber(1e21).toString(), '1000000000000000000000');
  });

  test('numbers of different scale compare by value', () => {
    assert.equal(dec('1.0').compareTo(dec('1.000')), 0);
    assert.equal(dec('-2').compareTo(dec('1.5')), -1);
  });
});
