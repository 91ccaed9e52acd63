import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EagerLooks } from '../../../../src/flows/cases/carried/eager-looks.ts';

const SECOND = 1_000;
const HOUR = 60 * 60 * SECOND;

const taken = (looks: EagerLooks, from: number, to: number, everyMs: number): number => {
  let count = 0;
  for (let now = from; now < to; now += everyMs) if (looks.take(now)) count += 1;
  return count;
};

describe('eager looks', () => {
  it('are there for a few minutes of Cases that come all the time', () => {
    assert.equal(taken(new EagerLooks(20_000), 0, 100 * SECOND, 200), 500);
  });

  it('are no more in a day than were given, and what is there at once', () => {
    const count = taken(new EagerLooks(20_000), 0, 24 * HOUR, 200);
    assert.ok(count > 20_000 && count <= 20_600, `${count}`);
  });

  it('come back while none is taken', () => {
    const looks = new EagerLooks(20_000);
    taken(looks, 0, HOUR, 200);
    assert.equal(taken(looks, 2 * HOUR, 2 * HOUR + 10 * SECOND, 200), 50);
  });

  it('are none where a day has none', () => {
    assert.equal(taken(new EagerLooks(0), 0, HOUR, 200), 0);
  });

  it('are given and taken by no clock that falls', () => {
    const looks = new EagerLooks(20_000);
    taken(looks, 10 * HOUR, 11 * HOUR, 200);
    assert.equal(looks.take(0), false);
    assert.equal(taken(looks, HOUR, HOUR + 10 * SECOND, 200), 50, 'an hour has passed');
  });
});
