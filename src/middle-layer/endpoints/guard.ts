import { hasBearer } from '../../shared/bearer.ts';
import { RequestError, type Route } from '../../shared/router.ts';
import type { Callers } from '../settings.ts';

/** Lets only callers of a role through to a route. */
export const only =
  (callers: Callers, role: keyof Callers, route: Route): Route =>
  (request) => {
    const secret = callers[role];
    if (secret !== null && !hasBearer(request, secret)) {
      throw new RequestError(401, 'UNAUTHORIZED', `present the bearer token of the role ${role}`);
    }
    return route(request);
  };
