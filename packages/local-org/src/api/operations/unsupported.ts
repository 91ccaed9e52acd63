/** Resources that Salesforce has and the local org answers with an error that says so. */
import type { HTTPMethod } from 'find-my-way';
import type { Operation } from '../call.ts';
import { unsupported } from '../errors.ts';

const METHODS: HTTPMethod[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** What it is, and the paths at and below which it lives. */
const RESOURCES: [what: string, ...paths: string[]][] = [
  ['Parallel results of query jobs', '/jobs/query/:id/resultPages'],
  ['SOSL search', '/search', '/parameterizedSearch'],
  ['Composite Graph', '/composite/graph'],
  ['Layout description', '/sobjects/:type/describe/layouts', '/sobjects/:type/describe/compactLayouts'],
  ['List views', '/sobjects/:type/listviews'],
  ['The schema of an event', '/sobjects/:type/eventSchema', '/event'],
  ['Asynchronous test runs', '/tooling/runTestsAsynchronous'],
  ['Tooling API records', '/tooling/sobjects'],
  ['Tooling API search', '/tooling/search', '/tooling/completions'],
  ['The UI API', '/ui-api'],
  ['The Connect API', '/connect', '/chatter'],
  ['Actions', '/actions', '/quickActions', '/process'],
  ['Analytics', '/analytics', '/wave'],
  ['Recently viewed records', '/recent'],
  ['Tabs and themes', '/tabs', '/theme', '/appMenu'],
];

export const unsupportedOperations: Operation[] = RESOURCES.flatMap(([what, ...paths]) =>
  paths
    .flatMap((path) => [path, `${path}/*`])
    .flatMap((path) =>
      METHODS.map((method) => ({
        method,
        path,
        run() {
          throw unsupported(what);
        },
      })),
    ),
);
