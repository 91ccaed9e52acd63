import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSyntaxError, placeOf, type JsonPath } from '../../src/api/json-scanner.ts';

const text = '{\n "a": {"b": [1, {"c": "x,\\"y"}]},\n "": 1, "d": [], "e": true}';

test('finds where a value begins', () => {
  const places: [JsonPath, string][] = [
    [[], '[line:1, column:1]'],
    [['a', 'b', 1, 'c'], '[line:2, column:23]'],
    [[''], '[line:3, column:6]'],
    [['e'], '[line:3, column:23]'],
  ];
  for (const [path, place] of places) assert.equal(placeOf(text, path), place, JSON.stringify(path));
});

test('tells where a text stops being JSON', () => {
  const cases: [string, string][] = [
    ['{"a":}', "Unexpected character ('}' (code 125)) at [line:1, column:6]"],
    ['{"a":1,}', "Unexpected character ('}' (code 125)) at [line:1, column:8]"],
    ['{"a":\n01}', "Unexpected character ('1' (code 49)) at [line:2, column:2]"],
    ['[1,2', 'Unexpected end-of-input at [line:1, column:5]'],
    ['"a\u0001"', "Unexpected character ('\"' (code 34)) at [line:1, column:1]"],
  ];
  for (const [malformed, message] of cases) assert.equal(describeSyntaxError(malformed), message);
});
