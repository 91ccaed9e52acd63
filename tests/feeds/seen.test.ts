import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Seen } from '../../src/feeds/seen.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';

it('notes places once, and tells them as PostgreSQL counts bits', async () => {
  const seen = new Seen();
  const places = [0, 7, 8, 9, 70_000];
  for (const place of places) assert.equal(seen.add(place), true);
  for (const place of places) assert.equal(seen.add(place), false);
  assert.equal(seen.count, places.length);
  const db = await openPglite();
  const rows = await db.query<{ place: number }>(
    `SELECT place FROM generate_series(0, 70010) AS place WHERE get_bit(decode($1, 'base64'), place) = 1`,
    [seen.base64(70_010)],
  );
  await db.close();
  assert.deepEqual(
    rows.map(({ place }) => place),
    places,
  );
});
