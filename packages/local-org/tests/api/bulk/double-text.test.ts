import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubleText } from '../../../src/api/bulk/csv.ts';

test("numbers are written as Java's Double.toString writes them", () => {
  const cases: [number, string][] = [
    [0, '0.0'],
    [5, '5.0'],
    [-12.5, '-12.5'],
    [0.001, '0.001'],
    [0.00012, '1.2E-4'],
    [9_999_999, '9999999.0'],
    [9_999_999.99, '9999999.99'],
    [10_000_000, '1.0E7'],
    [115_056_052, '1.15056052E8'],
    [16_147_805_824_397, '1.6147805824397E13'],
    [-90_000_000, '-9.0E7'],
  ];
  for (const [value, text] of cases) {
    assert.equal(doubleText(value), text);
    assert.equal(Number(text), value);
  }
});
