import assert from 'node:assert/strict';
import { test } from 'node:test';
import { garbled, GARBLINGS } from '../../src/simulation/garbled.ts';

const ANSWER = {
  results: [
    { id: 'a', accepted: true },
    { id: 'b', accepted: true },
  ],
  took: 3,
};

test('each way to break an answer leaves another one, and none in which the last line could be believed', () => {
  const bodies = Array.from({ length: GARBLINGS }, (_, way) => {
    const { status, body } = garbled({ status: 202, headers: {}, body: JSON.stringify(ANSWER) }, way);
    assert.equal(status, 202);
    return body;
  });
  assert.equal(new Set(bodies).size, GARBLINGS);
  for (const body of bodies) assert.doesNotMatch(body, /"id":"b","accepted":true/);
});

test('what is no JSON, or has no list to break, is cut in half', () => {
  for (let way = 0; way < GARBLINGS; way++) {
    for (const body of ['<html></html>', '{"done":true}', '{"results":[]}', ''])
      assert.equal(garbled({ status: 200, headers: {}, body }, way).body, body.slice(0, Math.floor(body.length / 2)));
  }
});
