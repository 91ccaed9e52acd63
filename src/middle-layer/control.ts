import type { ShiftableClock } from 'kernel/clock.ts';
import { clockControl } from 'kernel/clock-control.ts';
import { controlPort } from 'kernel/control-port.ts';
import { json, type Handler } from 'kernel/http.ts';
import { jsonBody, RequestError, router } from '../shared/router.ts';
import type { MiddleLayer } from './index.ts';

/** The control port, on this machine only and for callers with the token: moves the clock, wakes a sweep, tells whether there is anything left to do. */
export const controlHandler = (
  token: string,
  clock: ShiftableClock,
  layer: Pick<MiddleLayer, 'idle' | 'wake'>,
): Handler => {
  const control = clockControl(clock, (problem) => new RequestError(400, 'BAD_REQUEST', problem));
  const routes = router({
    'POST /control/clock': (request) => json(200, control.advance(jsonBody(request))),
    'GET /control/clock': () => json(200, control.read()),
    'POST /control/sweep': async () => {
      await layer.wake();
      return json(202, {});
    },
    'GET /control/idle': async () => json(200, await layer.idle()),
  });
  return controlPort(routes, token);
};
