/** The HTTP API of a local org: Salesforce's REST, SOAP login, OAuth and CometD endpoints. */
import type { Handler } from 'kernel/http.ts';
import { authEndpoints } from './auth/endpoints.ts';
import { openLastingSession } from './auth/sessions.ts';
import { cometdEndpoints } from './cometd/endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { restEndpoints } from './router.ts';
import { createServing } from './serving.ts';
import { soapEndpoints } from './soap/endpoints.ts';
import { createApiState } from './state.ts';
import type { ApiDeps } from './types.ts';

/** Opens the session of `deps.info.accessToken` and serves requests from then on. */
export const createApi = (deps: ApiDeps): Handler => {
  openLastingSession(deps, deps.info.accessToken, deps.info.userId);
  const state = createApiState(deps.dailyApiRequests);
  const endpoints: Endpoint[] = [
    ...authEndpoints,
    ...restEndpoints(),
    ...soapEndpoints(state),
    ...cometdEndpoints(deps),
  ];
  return createServing(deps, state, endpoints);
};
