import { hasBearer } from '../../shared/bearer.ts';
import { RequestError, type Route, type RoutedRequest } from '../../shared/router.ts';
import type { Callers, Role } from '../settings.ts';

/** Who may call a route: a role, and the flow whose route it is; null: all flows share it. */
export interface Caller {
  role: Role;
  flow: string | null;
}

/** The bearer token to present; null: none is needed; undefined: nobody may call. */
const secretFor = ({ external, intake, operator }: Callers, { role, flow }: Caller): string | null | undefined => {
  if (role === 'operator') return operator;
  if (role === 'intake') return intake;
  if (external === null) return null;
  return flow !== null && Object.hasOwn(external, flow) ? external[flow] : undefined;
};

/** The flow whose external system presents its token, or null. */
const flowOfToken = ({ external }: Callers, request: RoutedRequest): string | null =>
  Object.entries(external ?? {}).find(([, secret]) => hasBearer(request, secret))?.[0] ?? null;

/**
 * Lets only its callers through to a route. The external system of another flow is answered 403 by name: it is known,
 * and has nothing to say here. Anybody else without the token is answered 401.
 */
export const only =
  (callers: Callers, caller: Caller, route: Route): Route =>
  (request) => {
    const secret = secretFor(callers, caller);
    if (secret === null || (secret !== undefined && hasBearer(request, secret))) return route(request);
    const { role, flow } = caller;
    const other = role === 'external' ? flowOfToken(callers, request) : null;
    if (other !== null)
      throw new RequestError(
        403,
        'OTHER_FLOW',
        `this token is that of the external system of the flow ${other}; this endpoint is for that of the flow ${flow}: present its token`,
      );
    const who = role === 'external' ? `the external system of the flow ${flow}` : `the role ${role}`;
    throw new RequestError(401, 'UNAUTHORIZED', `present the bearer token of ${who}`);
  };
