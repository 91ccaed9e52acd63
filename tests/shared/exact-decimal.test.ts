import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decimal,
  decimalOfNumber,
  exactText,
  fixedText,
  isEqual,
  plus,
  rounded,
  times,
  total,
  ZERO,
} from '../../src/shared/exact-decimal.ts';

test('sums and products keep every digit', () => {
  assert.equal(exactText(plus(decimal('0.1'), decimal('0.2'))), '0.3');
  const product = (999_999_999_999_999n ** 2n).toString();
  assert.equal(
    exactText(times(decimal('999999999999.999'), decimal('9999999999999.99'))),
    `${product.slice(0, -5)}.${product.slice(-5)}`,
  );
  assert.equal(exactText(total(['1.25', '-0.25', '3'].map(decimal))), '4');
  assert.equal(exactText(ZERO), '0');
});

test('half is rounded away from zero', () => {
  for (const [value, text] of [
    ['1.24875', '1.25'],
    ['1.245', '1.25'],
    ['1.2449', '1.24'],
    ['-1.245', '-1.25'],
    ['-0.004', '0.00'],
    ['7', '7.00'],
  ] as const)
    assert.equal(fixedText(rounded(decimal(value), 2)), text, value);
});

test('one value has one text, and zeros at the end make no other value', () => {
  assert.equal(exactText(decimal('100')), '100');
  assert.equal(exactText(decimal('1.500')), '1.5');
  assert.equal(exactText(decimal('0.000')), '0');
  assert.equal(exactText(decimal('-0.050')), '-0.05');
  assert.ok(isEqual(decimal('1.50'), decimal('1.5')));
  assert.ok(!isEqual(decimal('1.50'), decimal('1.05')));
});

test('numbers of JSON are read with their exponents', () => {
  for (const [number, text] of [
    ['1.0E7', '10000000'],
    ['1.2345678901234E13', '12345678901234'],
    ['1.5e-3', '0.0015'],
    ['2.50', '2.5'],
  ] as const)
    assert.equal(exactText(decimalOfNumber(number)), text, number);
});

test('what is no plain decimal is refused', () => {
  for (const text of ['', '1e3', '1.', '.5', '1,5', ' 1', 'NaN', '+1'])
    assert.throws(() => decimal(text), RangeError, text);
});
