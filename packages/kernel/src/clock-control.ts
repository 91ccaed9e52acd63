/** What a control port offers of a clock: to read it, and to move it forward. */
import type { ShiftableClock } from './clock.ts';

export interface ClockState {
  /** Epoch milliseconds. */
  now: number;
  /** Milliseconds that the clock is ahead of the machine's. */
  offsetMs: number;
}

export interface ClockControl {
  /** GET /control/clock */
  read(): ClockState;
  /** POST /control/clock `{"advanceMs": 3600000}`. Throws what `refuse` makes of a body that cannot be used. */
  advance(body: Record<string, unknown>): ClockState;
}

export const clockControl = (clock: ShiftableClock, refuse: (problem: string) => Error): ClockControl => {
  const read = (): ClockState => ({ now: clock.now(), offsetMs: clock.offset });
  return {
    read,
    advance({ advanceMs }) {
      if (typeof advanceMs !== 'number' || !Number.isFinite(advanceMs))
        throw refuse('advanceMs must be a number of milliseconds');
      if (advanceMs < 0) throw refuse('advanceMs must not be negative: the clock only goes forward');
      clock.shift(advanceMs);
      return read();
    },
  };
};
