import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bugIn, undoableIn } from '../../src/simulation/mistakes.ts';

test('what the org could never do is told, also within the answer to a composite call', () => {
  const one = '[{"message":"No such column","errorCode":"INVALID_FIELD"}]';
  assert.equal(undoableIn(one), '"errorCode":"INVALID_FIELD"');
  assert.ok(undoableIn('{"compositeResponse":[{"body":[{"errorCode":"INSUFFICIENT_ACCESS_OR_READONLY"}]}]}'));
});

test('an exception that a trigger should not have thrown is told, however deep it is', () => {
  const refused =
    '[{"message":"CaseSync: execution of BeforeInsert\\n\\ncaused by: System.NullPointerException: Argument cannot be null.\\n\\nClass.Digest","errorCode":"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"}]';
  assert.equal(bugIn(refused), 'System.NullPointerException: Argument cannot be null.');
});

test('what breaks in a world, and what rules refuse, is nobody’s mistake', () => {
  const codes = ['QUERY_TIMEOUT', 'REQUEST_LIMIT_EXCEEDED', 'INVALID_SESSION_ID', 'UNABLE_TO_LOCK_ROW'];
  for (const code of [...codes, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'DUPLICATES_DETECTED']) {
    const answer = `[{"message":"caused by: System.DmlException: Insert failed. first error: ${code}","errorCode":"${code}"}]`;
    assert.deepEqual([undoableIn(answer), bugIn(answer)], [null, null]);
  }
});
