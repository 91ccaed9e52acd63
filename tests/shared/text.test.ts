import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  identifierProblem,
  MAX_VALUE_LENGTH,
  storableCode,
  storableDiagnostic,
  valueProblem,
} from '../../src/shared/text.ts';

describe('a text that crosses a boundary', () => {
  it('as a value has no NUL and no half of a surrogate pair, and says where', () => {
    assert.equal(valueProblem('ab\0c'), 'has a NUL character (U+0000) at position 3; remove it');
    assert.equal(valueProblem('😀\ud83d!'), 'has half of a surrogate pair (U+D83D) at position 3; remove it');
    assert.equal(valueProblem('\ude00'), 'has half of a surrogate pair (U+DE00) at position 1; remove it');
    for (const good of ['', '😀', 'a\vb\u0001\u007f\u0085', '\ufffe\uffff']) assert.equal(valueProblem(good), null);
  });

  it('as a value is as long as Salesforce stores at most', () => {
    assert.equal(valueProblem('x'.repeat(MAX_VALUE_LENGTH)), null);
    assert.match(valueProblem('x'.repeat(MAX_VALUE_LENGTH + 1))!, /^has 131073 characters, at most 131072/);
  });

  it('as an identifier has no controls at all, and a length', () => {
    assert.equal(identifierProblem('SR-1', 4), null);
    assert.match(identifierProblem('SR-12', 4)!, /at most 4 characters, not 5/);
    assert.match(identifierProblem('', 4)!, /not empty/);
    assert.match(identifierProblem('a\nb', 4)!, /control character \(U\+000A\) at position 2/);
    assert.match(identifierProblem('a\ud800', 4)!, /half of a surrogate pair/);
  });

  it('as a diagnostic is made fit, and never refused', () => {
    assert.equal(storableDiagnostic('a\0b\ud800'), 'a\ufffdb\ufffd');
    const long = storableDiagnostic(`${'x'.repeat(998)}😀${'y'.repeat(50)}`);
    assert.equal(long, `${'x'.repeat(998)}…`, 'no half of a pair is left');
    assert.equal(storableCode('A\nB\0'), 'A\ufffdB\ufffd');
    assert.equal(storableCode(' '), 'UNKNOWN');
    assert.equal(storableCode('C'.repeat(200)).length, 80);
  });
});
