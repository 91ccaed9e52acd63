import { json, type Handler } from 'kernel/http.ts';
import { router, type Route } from '../shared/router.ts';
import { getAudit, postAudit } from './endpoints/audit.ts';
import { getDeadLetter, getDeadLetters, postRetry, postRetryAll } from './endpoints/dead-letters.ts';
import { getReady } from './endpoints/get-ready.ts';
import { getStatus } from './endpoints/get-status.ts';
import { only } from './endpoints/guard.ts';
import type { Service } from './service.ts';
import type { Context } from './types.ts';

/** The HTTP API of the middle layer: what all flows share, and what each adds. */
export const routes = (context: Context, service: Service): Handler => {
  const { callers } = context.settings;
  const operator = (route: Route): Route => only(callers, 'operator', route);
  const ofFlows = service.flows.flatMap(({ open }) =>
    Object.entries(open.routes).map(([path, { role, handle }]): [string, Route] => [path, only(callers, role, handle)]),
  );
  return router({
    'GET /health': () => json(200, { status: 'up' }),
    'GET /ready': getReady(context, service),
    'GET /v1/status': operator(getStatus(context, service)),
    'GET /v1/dead-letters': operator(getDeadLetters(context)),
    'GET /v1/dead-letters/:id': operator(getDeadLetter(context)),
    'POST /v1/dead-letters/retry': operator(postRetryAll(context, service)),
    'POST /v1/dead-letters/:id/retry': operator(postRetry(context, service)),
    'GET /v1/audit': operator(getAudit(context)),
    'POST /v1/audit': operator(postAudit(context)),
    ...Object.fromEntries(ofFlows),
  });
};
