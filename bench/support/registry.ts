import { createExternalSystem } from '../../src/external-system/index.ts';
import { canonicalValue } from '../../src/shared/digest/content.ts';
import type { ExternalRequest, SalesforceState, SyncedFields } from '../../src/reconciliation/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { TransportError } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { DIFFERENCES, type Split } from './differences.ts';
import { readRules } from '../../src/external-system/rules/field-rules.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

const TOKEN = 'bench';
const ROWS_A_STATEMENT = 1_000;

/** The registry on PGlite in this process, reached through its API's handler. It sends nothing: its loops do not run. */
export interface BenchRegistry {
  db: Database;
  request: ExternalRequest;
}

export const openBenchRegistry = async (): Promise<BenchRegistry> => {
  const db = await openPglite();
  const { handle } = await createExternalSystem({
    rules: [readRules(SAMPLE.registryRules)],
    db,
    clock: new ShiftableClock(),
    random: seededRandom(311),
    transport: () => Promise.reject(new TransportError('nothing is sent here')),
    middleLayer: { url: 'http://nowhere', token: TOKEN },
    token: TOKEN,
  });
  const request: ExternalRequest = async (method, url, body) => {
    const response = await handle({
      method,
      url,
      headers: { authorization: `Bearer ${TOKEN}` },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (response.status >= 400) throw new Error(`${method} ${url} answered ${response.status}: ${response.body}`);
    return JSON.parse(response.body) as never;
  };
  return { db, request };
};

/** Gives the empty registry the records that Salesforce holds, past its API: a load, not what is measured. Its own trigger sums them. */
export const loadRegistry = async (
  { db }: BenchRegistry,
  states: SalesforceState[],
  { types }: SyncedFields,
): Promise<void> => {
  for (let start = 0; start < states.length; start += ROWS_A_STATEMENT) {
    const part = states.slice(start, start + ROWS_A_STATEMENT);
    const values = part.map(({ values: given }) =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(given).map(([field, value]) => [
            field,
            types[field] === 'datetime' ? canonicalValue(value, 'datetime') : value,
          ]),
        ),
      ),
    );
    await db.query(
      `INSERT INTO case_record (external_id, key, revision, values, request_version, salesforce_case_id, sync_status, created_at, updated_at)
       SELECT 'SR-' || lpad(nextval('case_number')::text, 8, '0'), key, 1, values::jsonb, 1, id, 'Success', now(), now()
         FROM unnest($1::text[], $2::text[], $3::text[]) AS given (key, id, values)`,
      [part.map(({ key }) => key), part.map(({ id }) => id), values],
    );
  }
  await rememberAgreed(db);
};

/** Keeps the records that makeDiffer may change. */
export const rememberAgreed = (db: Database): Promise<void> =>
  db.script(
    `CREATE TABLE agreed AS SELECT key, values FROM case_record ORDER BY key LIMIT ${Math.max(...DIFFERENCES)}; ANALYZE`,
  );

/** Makes the registry differ from what was loaded in so many records; what differed before is put right. */
export const makeDiffer = async ({ db }: BenchRegistry, { missing, changed }: Split): Promise<void> => {
  await db.script(`
    UPDATE case_record SET deleted_at = NULL WHERE deleted_at IS NOT NULL;
    UPDATE case_record r SET values = a.values FROM agreed a WHERE a.key = r.key AND a.values <> r.values;
    UPDATE case_record SET deleted_at = now() WHERE key IN (SELECT key FROM agreed ORDER BY key LIMIT ${missing});
    UPDATE case_record SET values = values || '{"Subject": "changed outside"}'
     WHERE key IN (SELECT key FROM agreed ORDER BY key OFFSET ${missing} LIMIT ${changed})`);
};
