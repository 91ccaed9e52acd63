/** Resources that Salesforce has and the local org answers with an error that says so. */
import type { Operation } from '../call.ts';
import { unsupported } from '../errors.ts';

const RESOURCES: [method: 'GET' | 'POST', path: string, what: string][] = [
  ['POST', '/jobs/ingest', 'Bulk API 2.0 ingest'],
  ['GET', '/jobs/ingest', 'Bulk API 2.0 ingest'],
  ['POST', '/jobs/query', 'Bulk API 2.0 query'],
  ['GET', '/jobs/query', 'Bulk API 2.0 query'],
  ['GET', '/search', 'SOSL search'],
  ['GET', '/parameterizedSearch', 'Parameterized search'],
  ['POST', '/parameterizedSearch', 'Parameterized search'],
  ['POST', '/composite/graph', 'Composite Graph'],
  ['POST', '/tooling/runTestsAsynchronous', 'Asynchronous test runs'],
  ['POST', '/metadata/deployRequest', 'Metadata deployment over REST'],
];

export const unsupportedOperations: Operation[] = RESOURCES.map(([method, path, what]) => ({
  method,
  path,
  run() {
    throw unsupported(what);
  },
}));
