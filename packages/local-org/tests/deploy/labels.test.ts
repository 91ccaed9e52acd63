import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergedLabels } from '../../src/deploy/labels.ts';

const file = (...labels: [name: string, value: string][]): Uint8Array =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<CustomLabels xmlns="http://soap.sforce.com/2006/04/metadata">\n${labels
      .map(
        ([name, value]) =>
          `    <labels>\n        <fullName>${name}</fullName>\n        <value>${value}</value>\n    </labels>\n`,
      )
      .join('')}</CustomLabels>\n`,
  );

const valuesIn = (content: Uint8Array): string[] =>
  [
    ...Buffer.from(content)
      .toString('utf8')
      .matchAll(/<value>(.*?)<\/value>/g),
  ].map(([, value]) => value!);

describe('labels of two files', () => {
  it('are all there, and one that both have is the later', () => {
    const merged = mergedLabels(file(['A', 'one'], ['B', 'two']), file(['b', 'three'], ['C', 'four']));
    assert.deepEqual(valuesIn(merged), ['one', 'three', 'four']);
  });

  it('are those of one where the other has none', () => {
    assert.deepEqual(valuesIn(mergedLabels(file(), file(['A', 'one']))), ['one']);
    assert.deepEqual(valuesIn(mergedLabels(file(['A', 'one']), file())), ['one']);
    assert.deepEqual(valuesIn(mergedLabels(Buffer.from(''), file(['A', 'one']))), ['one']);
  });
});
