import type { ShiftableClock } from 'kernel/clock.ts';
import { clockControl } from 'kernel/clock-control.ts';
import { controlPort } from 'kernel/control-port.ts';
import { json, type Handler } from 'kernel/http.ts';
import { jsonBody, RequestError, router } from '../shared/router.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { queueState } from './db/reports.ts';

/** The control port of a local service application: moves its clock, tells whether it is at rest. */
export const controlHandler = (token: string, clock: ShiftableClock, db: Queryable): Handler => {
  const control = clockControl(clock, (problem) => new RequestError(400, 'BAD_REQUEST', problem));
  const routes = router({
    'POST /control/clock': (request) => json(200, control.advance(jsonBody(request))),
    'GET /control/clock': () => json(200, control.read()),
    'GET /control/idle': async () => json(200, await queueState(db)),
  });
  return controlPort(routes, token);
};
