import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QueryCursors } from '../../src/api/query-cursors.ts';
import { seededRandom } from 'kernel/random.ts';

const content = { userId: 'u', rows: [], pageSize: 2000, openedAt: 0 };

test('the eleventh cursor of a user closes the oldest', () => {
  const cursors = new QueryCursors();
  const random = seededRandom(1);
  const ids = Array.from({ length: 11 }, () => cursors.open(content, random).id);
  assert.equal(cursors.find(ids[0]!, 'u', 0), null);
  assert.equal(cursors.find(ids[1]!, 'u', 0)?.id, ids[1]);
});

test('a cursor belongs to its user and lives for two days', () => {
  const cursors = new QueryCursors();
  const { id } = cursors.open(content, seededRandom(1));
  assert.equal(cursors.find(id, 'other', 0), null);
  assert.equal(cursors.find(id, 'u', 2 * 86_400_000)?.id, id);
  assert.equal(cursors.find(id, 'u', 2 * 86_400_000 + 1), null);
});
