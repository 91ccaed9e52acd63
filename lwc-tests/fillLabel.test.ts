import { expect, test } from '@jest/globals';
import { fill } from 'c/fillLabel';

test('each place takes its value, whatever stands in it', () => {
  expect(fill('{0} of {1} units', '$&', '5')).toBe('$& of 5 units');
  expect(fill('{1} before {0}', 'a', 'b')).toBe('b before a');
});

test('a label without places stays as it is', () => {
  expect(fill('Nothing waits.', 'a')).toBe('Nothing waits.');
});
