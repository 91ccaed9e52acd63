import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBytes, randomUuid, seededRandom, systemRandom } from '../src/random.ts';

const draw = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

test('a seed replays, and another seed draws otherwise', () => {
  assert.deepEqual(draw(7, 20), draw(7, 20));
  assert.notDeepEqual(draw(7, 20), draw(8, 20));
});

test('numbers are from 0 to below 1, and spread', () => {
  const drawn = [...draw(1, 10_000), systemRandom.next()];
  assert.ok(drawn.every((number) => number >= 0 && number < 1));
  const mean = drawn.reduce((sum, number) => sum + number, 0) / drawn.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `the mean is ${mean}`);
});

test('UUIDs are of version 4, and so many bytes as were asked for come', () => {
  const random = seededRandom(3);
  const uuids = Array.from({ length: 100 }, () => randomUuid(random));
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(uuids).size, uuids.length);
  assert.equal(randomBytes(random, 37).length, 37);
});
