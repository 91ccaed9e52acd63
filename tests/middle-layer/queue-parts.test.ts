import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { BatchRefused, TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { runLoop, Waker } from '../../src/shared/loop.ts';
import { pauseAfter } from '../../src/shared/backoff.ts';
import { bySize } from '../../src/shared/by-size.ts';
import { Circuit } from '../../src/middle-layer/queue/circuit.ts';
import { sendInHalves } from '../../src/middle-layer/queue/halves.ts';
import type { Result } from '../../src/middle-layer/types.ts';

const BACKOFF = { baseMs: 100, maxMs: 1_000 };

describe('pauses', () => {
  it('grow exponentially, within bounds, with full jitter', () => {
    const almostOne = { next: () => 0.999 };
    assert.deepEqual(
      [1, 2, 3, 4, 5, 99].map((tries) => pauseAfter(tries, BACKOFF, almostOne)),
      [99, 199, 399, 799, 999, 999],
    );
    assert.equal(pauseAfter(9, BACKOFF, { next: () => 0 }), 1);
  });
});

describe('a circuit', () => {
  const open = (): Circuit => new Circuit(BACKOFF, { next: () => 0.5 });

  it('lets full batches through until its target fails, then nothing, then one probe', () => {
    const circuit = open();
    assert.equal(circuit.allowance(0), 200);
    circuit.fail(0, 'HTTP_503');
    assert.deepEqual([circuit.allowance(49), circuit.allowance(50)], [0, 1]);
    assert.deepEqual(circuit.state, { open: true, retryAt: 50, code: 'HTTP_503' });
  });

  it('waits longer after each failure, and as long as the target asks', () => {
    const circuit = open();
    circuit.fail(0, 'A');
    circuit.fail(0, 'A');
    assert.equal(circuit.state.retryAt, 100);
    circuit.fail(0, 'A', 5_000);
    assert.equal(circuit.state.retryAt, 5_000);
  });

  it('doubles what it lets through with each success', () => {
    const circuit = open();
    circuit.fail(0, 'A');
    const allowed = Array.from({ length: 9 }, () => {
      circuit.succeed();
      return circuit.allowance(0);
    });
    assert.deepEqual(allowed, [2, 4, 8, 16, 32, 64, 128, 200, 200]);
    assert.equal(circuit.state.open, false);
  });
});

describe('a circuit of several deliveries at once', () => {
  const open = (): Circuit => new Circuit(BACKOFF, { next: () => 0.5 });

  it('counts the failures of deliveries that were under way together once', () => {
    const circuit = open();
    const { era } = circuit;
    circuit.fail(0, 'A', 0, era);
    circuit.fail(1, 'B', 0, era);
    assert.deepEqual(circuit.state, { open: true, retryAt: 50, code: 'A' });
    circuit.fail(50, 'C', 0, circuit.era);
    assert.deepEqual(circuit.state, { open: true, retryAt: 150, code: 'C' });
  });

  it('does not close because a delivery succeeds that had left before the failure', () => {
    const circuit = open();
    const { era } = circuit;
    circuit.fail(0, 'A', 0, era);
    circuit.succeed(era);
    assert.equal(circuit.allowance(1), 0);
    circuit.succeed(circuit.era);
    assert.equal(circuit.state.open, false);
  });
});

describe('a batch', () => {
  it('is cut by size, one message at least in each part', () => {
    const message = (size: number): { payload: object } => ({ payload: { text: 'x'.repeat(size - 11) } });
    const parts = bySize([message(40), message(60), message(30), message(500), message(20)], 100);
    assert.deepEqual(
      parts.map((part) => part.map(({ payload }) => JSON.stringify(payload).length)),
      [[40, 60], [30], [500], [20]],
    );
  });

  const done: Result = { is: 'done', outcome: 'OK' };
  const clock = new ManualClock(0);

  it('that is refused as a whole is halved until the bad message is found', async () => {
    const calls: number[][] = [];
    const results = await sendInHalves(clock, [1, 2, 3, 4, 5, 6, 7, 8], async (part) => {
      calls.push([...part]);
      if (part.includes(6)) throw new BatchRefused('BAD_REQUEST', 'records[n]');
      return part.map(() => done);
    });
    assert.deepEqual(
      results.map(({ is }) => is),
      ['done', 'done', 'done', 'done', 'done', 'refused', 'done', 'done'],
    );
    assert.equal(calls.length, 7);
  });

  it('that meets a row lock as a whole is put off, message by message', async () => {
    const results = await sendInHalves(clock, [1], async () => {
      throw new BatchRefused('UNABLE_TO_LOCK_ROW', 'locked', true);
    });
    assert.deepEqual(results, [{ is: 'deferred', code: 'UNABLE_TO_LOCK_ROW', durationMs: 0 }]);
  });

  it('is not tried further once the target is unavailable', async () => {
    let calls = 0;
    const results = await sendInHalves(clock, [1, 2, 3, 4], async (part) => {
      calls += 1;
      if (part.length === 4) throw new BatchRefused('X', 'x');
      throw new TargetUnavailable('NO_ANSWER', 'x');
    });
    assert.equal(calls, 2);
    assert.deepEqual(new Set(results.map(({ is }) => is)), new Set(['unavailable']));
  });

  it('leaves errors that nobody foresaw alone', async () => {
    await assert.rejects(
      sendInHalves(clock, [1], () => Promise.reject(new Error('bug'))),
      /bug/,
    );
  });
});

describe('a loop', () => {
  it('works while there is work, sleeps as long as it is told, wakes early, survives errors, and ends', async () => {
    const clock = new ManualClock(0);
    const waker = new Waker();
    const end = new AbortController();
    const at: number[] = [];
    let work = 2;
    let broken = false;
    const errors: unknown[] = [];
    const running = runLoop(
      {
        clock,
        waker,
        errorPauseMs: 50,
        idleMs: async () => 1_000,
        onError: (error) => errors.push(error),
        pass: async () => {
          at.push(clock.now());
          if (broken) {
            broken = false;
            throw new Error('lost');
          }
          return work-- > 0;
        },
      },
      end.signal,
    );
    await clock.advance(0);
    await clock.advance(1_000);
    assert.deepEqual(at, [0, 0, 0, 1_000]);
    await clock.advance(300);
    waker.wake();
    await clock.advance(0);
    broken = true;
    await clock.advance(1_000);
    await clock.advance(50);
    assert.deepEqual(at.slice(4), [1_300, 2_300, 2_350]);
    assert.equal(errors.length, 1);
    end.abort();
    await running;
  });

  it('does not sleep through a wake-up that came while it worked', async () => {
    const waker = new Waker();
    waker.wake();
    await waker.sleep(new ManualClock(0), 1_000, new AbortController().signal);
  });
});

it('the same seed gives the same pauses', () => {
  const pauses = (): number[] => {
    const random = seededRandom(5);
    return [1, 2, 3].map((tries) => pauseAfter(tries, BACKOFF, random));
  };
  assert.deepEqual(pauses(), pauses());
});
