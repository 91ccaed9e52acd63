import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ManualClock, ShiftableClock } from '../src/clock.ts';
import { clockControl } from '../src/clock-control.ts';

describe('a manual clock', () => {
  test('stands still, and wakes its sleepers in the order in which they are due, each at its moment', async () => {
    const clock = new ManualClock(1_000);
    const woken: [string, number][] = [];
    const sleep = (name: string, ms: number): void =>
      void clock.sleep(ms).then(() => void woken.push([name, clock.now()]));
    sleep('late', 30);
    sleep('soon', 10);
    sleep('as soon', 10);
    assert.equal(clock.nextDue(), 1_010);
    await clock.advance(9);
    assert.deepEqual(woken, []);
    await clock.advance(21);
    assert.deepEqual(woken, [
      ['soon', 1_010],
      ['as soon', 1_010],
      ['late', 1_030],
    ]);
    assert.deepEqual([clock.now(), clock.nextDue()], [1_030, null]);
  });

  test('wakes in the same move who goes to sleep while it moves', async () => {
    const clock = new ManualClock(0);
    let rounds = 0;
    void (async () => {
      for (; rounds < 5; rounds++) await clock.sleep(10);
    })();
    await clock.advance(35);
    assert.equal(rounds, 3);
  });

  test('a sleep that is aborted rejects with the reason and is forgotten', async () => {
    const clock = new ManualClock(0);
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(sleep, /enough/);
    assert.equal(clock.nextDue(), null);
    await assert.rejects(clock.sleep(10, abort.signal), /enough/);
  });
});

describe('a shiftable clock', () => {
  test('a shift wakes whom it makes due, and nobody else', async () => {
    const clock = new ShiftableClock();
    const abort = new AbortController();
    const hour = clock.sleep(3_600_000);
    const day = clock.sleep(86_400_000, abort.signal);
    const before = clock.now();
    clock.shift(3_600_000);
    await hour;
    assert.ok(clock.now() - before >= 3_600_000);
    abort.abort(new Error('still asleep'));
    await assert.rejects(day, /still asleep/);
  });

  test('its control reads it, moves it forward, and refuses to move it back', () => {
    const clock = new ShiftableClock(5_000);
    const control = clockControl(clock, (problem) => new RangeError(problem));
    assert.equal(control.read().offsetMs, 5_000);
    assert.equal(control.advance({ advanceMs: 60_000 }).offsetMs, 65_000);
    assert.ok(Math.abs(control.read().now - Date.now() - 65_000) < 5_000);
    for (const advanceMs of [-1, Number.NaN, Infinity, '5', undefined])
      assert.throws(() => control.advance({ advanceMs }), RangeError);
    assert.equal(clock.offset, 65_000);
  });
});
