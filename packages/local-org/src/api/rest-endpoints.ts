/** The REST API and Apex REST. */
import type { Answer } from './call.ts';
import { collapseSlashes, toCallRequest } from './http-request.ts';
import type { Endpoint } from './endpoint.ts';
import { createDispatch } from './router.ts';
import { listVersions } from './versions.ts';

export const restEndpoints = (): Endpoint[] => {
  const dispatch = createDispatch();
  return [
    { access: 'open', methods: ['GET'], path: '/services/data', run: () => ({ status: 200, body: listVersions() }) },
    {
      access: 'session',
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
      path: '/services/data/*',
      run: (caller, request) => dispatch(caller, toCallRequest(request)),
    },
    {
      access: 'session',
      methods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
      path: '/services/apexrest/*',
      run({ deps, userId }, request): Answer {
        const { status, headers, body } = deps.apex.rest({ ...request, url: collapseSlashes(request.url) }, userId);
        return { status, headers, text: body };
      },
    },
  ];
};
