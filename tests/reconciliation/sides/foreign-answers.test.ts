/** A comparison of answers that nobody gave would find whole records missing: it ends instead, and says whose answer it was. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { externalSide } from '../../../src/reconciliation/sides/external.ts';
import { lookUp, readUnsettled } from '../../../src/flows/cases/compared/registry.ts';
import { UnreadableAnswer } from '../../../src/shared/expected.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { middleLayerTrail } from '../../../src/reconciliation/trail/middle-layer.ts';

const FOREIGN: unknown[] = [
  null,
  undefined,
  true,
  'maintenance',
  {},
  [],
  [null],
  { cases: null },
  { cases: [null] },
  { cases: [{ externalId: 'SR-1' }] },
  { tables: [[[1, 2, 3]]] },
  { tables: [] },
  { trails: [{}] },
  { count: '1', k1: 0, k2: 0, d: 0, c: 0 },
  { compositeResponse: [] },
  { compositeResponse: [{ httpStatusCode: 200, referenceId: 'q0', body: null }] },
  { compositeResponse: [{ httpStatusCode: 200, referenceId: 'other', body: { records: [], done: true } }] },
  { compositeResponse: [{ httpStatusCode: 200, referenceId: 'q0', body: { records: [], done: false } }] },
  { compositeResponse: [{ httpStatusCode: 400, referenceId: 'q0', body: '<html>' }] },
  { records: [null], done: true },
];

type Reading = (answer: unknown) => Promise<unknown>;
const READINGS: Record<string, Reading> = {
  'records by key': (answer) => lookUp(async () => answer as never, { keys: ['k'] }),
  'records by external id': (answer) => lookUp(async () => answer as never, { externalIds: ['SR-1'] }),
  'unsettled records': (answer) => readUnsettled(async () => answer as never),
  'sums of the external system': (answer) => externalSide(async () => answer as never).totals(1),
  'sums of parts of the external system': (answer) => externalSide(async () => answer as never).totals(4),
  'tables of the external system': (answer) =>
    externalSide(async () => answer as never).tables(5, 1024, { from: 0, to: 10 }),
  'audit trails': (answer) => middleLayerTrail(async () => answer as never).read(['k']),
  'a query of Salesforce': (answer) =>
    new SalesforceClient(async () => answer as never, '67.0').query('SELECT Id FROM Case'),
  'queries of Salesforce': (answer) =>
    new SalesforceClient(async () => answer as never, '67.0').composite(['SELECT Id FROM Case']),
};

describe('what is no answer of a side', () => {
  for (const [name, read] of Object.entries(READINGS)) {
    it(`ends the comparison: ${name}`, async () => {
      for (const answer of FOREIGN)
        await assert.rejects(
          read(answer),
          (error: Error) =>
            error instanceof UnreadableAnswer || /^Salesforce answered a query with /.test(error.message),
          `${name} took ${JSON.stringify(answer)}`,
        );
    });
  }
});
