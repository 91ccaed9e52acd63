import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenName, valueFromJson, valueToJson } from '../../../src/api/records/values.ts';

test('numbers may come as text, checkboxes too', () => {
  assert.equal(valueFromJson('12.5', 'double'), 12.5);
  assert.equal(valueFromJson(12, 'int'), 12);
  assert.equal(valueFromJson(12.5, 'int'), undefined);
  assert.equal(valueFromJson('abc', 'currency'), undefined);
  assert.equal(valueFromJson('TRUE', 'boolean'), true);
  assert.equal(valueFromJson('yes', 'boolean'), undefined);
});

test('an empty text is no value; an empty number or date is an error', () => {
  assert.equal(valueFromJson('', 'string'), null);
  assert.equal(valueFromJson('', 'double'), undefined);
  assert.equal(valueFromJson('', 'date'), undefined);
  assert.equal(valueFromJson(null, 'date'), null);
});

test('lists and objects are no field values', () => {
  assert.equal(valueFromJson(['a'], 'multipicklist'), undefined);
  assert.equal(tokenName(['a']), 'START_ARRAY');
  assert.equal(tokenName({}), 'START_OBJECT');
  assert.equal(tokenName(1.5), 'VALUE_NUMBER_FLOAT');
});

test('writes datetimes and times as the REST API does', () => {
  assert.equal(valueToJson(Date.UTC(2026, 10, 21, 7, 30, 30), 'datetime'), '2026-11-21T07:30:30.000+0000');
  assert.equal(valueToJson(27_000_000, 'time'), '07:30:00.000Z');
  assert.equal(valueToJson(27_000_000, 'double'), 27_000_000);
});
