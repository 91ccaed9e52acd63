import { hasBearer } from 'kernel/bearer.ts';
import type { RequestHead } from 'kernel/http.ts';
import { RequestError, type GuardedRoute, type Route } from '../../shared/router.ts';
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
const flowOfToken = ({ external }: Callers, head: RequestHead): string | null =>
  Object.entries(external ?? {}).find(([, secret]) => hasBearer(head, secret))?.[0] ?? null;

/** Where no secret is asked for, any page in a browser on this machine could call: browsers say so by `Origin`. */
const refusePages = ({ headers }: RequestHead): void => {
  if (headers.origin !== undefined)
    throw new RequestError(403, 'FORBIDDEN_ORIGIN', 'a page of a browser may not call this; set a token for this role');
};

/**
 * Lets only its callers through to a route, before their bodies are read. The external system of another flow is answered
 * 403 by name: it is known, and has nothing to say here. Anybody else without the token is answered 401.
 */
export const only = (callers: Callers, caller: Caller, handle: Route, mostBytes?: number): GuardedRoute => ({
  handle,
  admit: (head) => {
    const secret = secretFor(callers, caller);
    if (secret === null) return refusePages(head);
    if (secret !== undefined && hasBearer(head, secret)) return;
    const { role, flow } = caller;
    const other = role === 'external' ? flowOfToken(callers, head) : null;
    if (other !== null)
      throw new RequestError(
        403,
        'OTHER_FLOW',
        `this token is that of the external system of the flow ${other}; this endpoint is for that of the flow ${flow}: present its token`,
      );
    const who = role === 'external' ? `the external system of the flow ${flow}` : `the role ${role}`;
    throw new RequestError(401, 'UNAUTHORIZED', `present the bearer token of ${who}`);
  },
  ...(mostBytes === undefined ? {} : { mostBytes }),
});
