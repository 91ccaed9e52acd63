import { expect, test } from '@jest/globals';
import { reduceErrors } from 'c/reduceErrors';

test('an error of the UI API is an array of messages', () => {
  expect(reduceErrors({ body: [{ message: 'No access' }, { message: 'Not found' }] })).toEqual([
    'No access',
    'Not found',
  ]);
});

test('an Apex exception has one message', () => {
  expect(reduceErrors({ body: { message: 'Refused' }, status: 500 })).toEqual(['Refused']);
});

test('details are told instead of the message that announces them', () => {
  const body = {
    message: 'An error occurred while trying to update the record.',
    output: { errors: [{ message: 'Locked' }], fieldErrors: { Subject: [{ message: 'Too long' }] } },
  };
  expect(reduceErrors({ body })).toEqual(['Locked', 'Too long']);
  expect(reduceErrors({ body: { pageErrors: [{ message: 'Page' }], fieldErrors: {} } })).toEqual(['Page']);
});

test('JavaScript errors, texts, several errors at once, and repeats', () => {
  expect(reduceErrors([new Error('Broken'), 'Broken', 'Text', null, undefined])).toEqual(['Broken', 'Text']);
});

test('something is said even if nothing is known', () => {
  expect(reduceErrors({ statusText: 'Bad Gateway' })).toEqual(['Bad Gateway']);
  expect(reduceErrors({})).toEqual(['Unknown error']);
});
