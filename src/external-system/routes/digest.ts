import { json } from 'kernel/http.ts';
import { digestRoutes, wantedIn } from '../../shared/digest/routes.ts';
import type { DigestedTable } from '../../shared/digest/sums.ts';
import type { Route } from '../../shared/router.ts';
import type { Database } from '../../shared/sql/types.ts';
import { lookUpRecords, unsettledCases } from '../db/records.ts';
import { recordView } from '../records.ts';

const MAX_UNSETTLED = 10_000;

/** Records that both sides should hold: a deletion on either side takes the key out of both. */
const RECORDS: DigestedTable = {
  name: 'case_record',
  compared: 'deleted_at IS NULL AND salesforce_deletion IS NULL',
};

/** What reconciliation asks of the registry's records. */
export const comparedRoutes = (db: Database): Record<string, Route> => ({
  ...digestRoutes(db, RECORDS),

  // what is not known to have arrived in Salesforce, or shares its Case with another record: sums cannot tell either
  'GET /v1/cases/unsettled': async () => {
    const rows = await unsettledCases(db, MAX_UNSETTLED);
    return json(200, { cases: rows.map(recordView) });
  },

  // records by key, by the identity halves of a decoded element, or by external id
  'POST /v1/cases/lookup': async (request) => {
    const rows = await lookUpRecords(db, wantedIn(request));
    return json(200, { cases: rows.map(recordView) });
  },
});
