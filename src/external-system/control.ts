import type { ShiftableClock } from 'kernel/clock.ts';
import { clockControl } from 'kernel/clock-control.ts';
import { controlPort } from 'kernel/control-port.ts';
import { json, type Handler } from 'kernel/http.ts';
import { jsonBody, RequestError, router } from '../shared/router.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { REACHABLE } from './db/records.ts';
import type { Faults } from './faults/faults.ts';

/** The control port of a local registry, for callers with the token: moves its clock, plans its faults, tells whether it is at rest. */
export const controlHandler = (token: string, clock: ShiftableClock, faults: Faults, db: Queryable): Handler => {
  const control = clockControl(clock, (problem) => new RequestError(400, 'BAD_REQUEST', problem));
  const routes = router({
    'POST /control/clock': (request) => json(200, control.advance(jsonBody(request))),
    'GET /control/clock': () => json(200, control.read()),
    'POST /control/faults': (request) => {
      faults.set(jsonBody(request));
      return json(200, { plan: faults.plan });
    },
    'GET /control/faults': () => json(200, { plan: faults.plan, counts: faults.counts }),
    'POST /control/downtime': (request) => {
      const { ms } = jsonBody(request);
      faults.downUntil = clock.now() + Number(ms);
      faults.count('downtime');
      return json(200, { downUntil: faults.downUntil });
    },
    'GET /control/idle': async () => {
      const [row] = await db.query(
        `SELECT (SELECT count(*) FROM outbox WHERE state = 'queued') AS queued,
                (SELECT count(*) FROM case_record WHERE sync_next_at IS NOT NULL AND ${REACHABLE}) AS unsettled,
                (SELECT min(sync_next_at) FROM case_record WHERE ${REACHABLE}) AS next_trigger,
                (SELECT count(*) FROM outbox WHERE state = 'rejected') AS rejected,
                (SELECT count(*) FROM outbox WHERE kind = 'record' AND payload->'retriggered' = 'true') AS retriggered`,
      );
      return json(200, row);
    },
  });
  return controlPort(routes, token);
};
