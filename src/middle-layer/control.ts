import type { ShiftableClock } from 'kernel/clock.ts';
import { json, type Handler } from 'kernel/http.ts';
import { jsonBody, RequestError, router } from '../shared/router.ts';
import type { MiddleLayer } from './index.ts';

/** The control port, on this machine only: moves the clock, wakes a sweep, tells whether there is anything left to do. */
export const controlHandler = (clock: ShiftableClock, layer: Pick<MiddleLayer, 'idle' | 'wake'>): Handler =>
  router({
    'POST /control/clock': (request) => {
      const { advanceMs } = jsonBody(request);
      if (typeof advanceMs !== 'number' || !(advanceMs >= 0)) {
        throw new RequestError(400, 'BAD_REQUEST', 'advanceMs must be a number of milliseconds, 0 or more');
      }
      clock.shift(advanceMs);
      return json(200, { now: clock.now() });
    },
    'GET /control/clock': () => json(200, { now: clock.now() }),
    'POST /control/sweep': async () => {
      await layer.wake();
      return json(202, {});
    },
    'GET /control/idle': async () => json(200, await layer.idle()),
  });
