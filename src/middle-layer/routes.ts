import { json, LARGE_BODY_BYTES, type Handler } from 'kernel/http.ts';
import { router, type GuardedRoute, type Route } from '../shared/router.ts';
import { getAudit, postAudit } from './endpoints/audit.ts';
import { getDeadLetter, getDeadLetters, postRetry, postRetryAll } from './endpoints/dead-letters.ts';
import { postErasure } from './endpoints/erasures.ts';
import { getReady } from './endpoints/get-ready.ts';
import { getStatus } from './endpoints/get-status.ts';
import { only } from './endpoints/guard.ts';
import type { RunningFlow, Service } from './service.ts';
import type { Callers } from './settings.ts';
import type { Context } from './types.ts';

/** What all flows share. */
const sharedRoutes = (context: Context, service: Service): Record<string, Route | GuardedRoute> => {
  const operator = (route: Route, mostBytes?: number): GuardedRoute =>
    only(context.settings.callers, { role: 'operator', flow: null }, route, mostBytes);
  return {
    'GET /health': () => json(200, { status: 'up' }),
    'GET /ready': getReady(context, service),
    'GET /v1/status': operator(getStatus(context, service)),
    'GET /v1/dead-letters': operator(getDeadLetters(context)),
    'GET /v1/dead-letters/:id': operator(getDeadLetter(context)),
    'POST /v1/dead-letters/retry': operator(postRetryAll(context, service)),
    'POST /v1/dead-letters/:id/retry': operator(postRetry(context, service)),
    'GET /v1/audit': operator(getAudit(context)),
    'POST /v1/audit': operator(postAudit(context)),
    'POST /v1/erasures': operator(postErasure(context, service), LARGE_BODY_BYTES),
  };
};

const routesOf = (callers: Callers, { context: { flow }, open }: RunningFlow): [path: string, route: GuardedRoute][] =>
  Object.entries(open.routes).map(([path, { role, handle, mostBytes }]) => [
    path,
    only(callers, { role, flow }, handle, mostBytes),
  ]);

/** The HTTP API of the middle layer: what all flows share, and what each adds. Throws when two want the same route. */
export const routes = (context: Context, service: Service): Handler => {
  const all = sharedRoutes(context, service);
  for (const flow of service.flows)
    for (const [path, route] of routesOf(context.settings.callers, flow)) {
      if (Object.hasOwn(all, path)) throw new Error(`the flow ${flow.context.flow} wants ${path}, which is taken`);
      all[path] = route;
    }
  return router(all);
};
