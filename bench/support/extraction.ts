import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import type { Cost } from './wire.ts';

/** Rows of one set of results of a query job, as src/reconciliation asks for them. */
const ROWS_PER_RESULT = 50_000;
/** Making the job and looking whether it is done, at least. */
const CALLS_OF_A_JOB = 2;
const SAMPLE = 2_000;

const EXTRACTED = [
  'Complaint Type',
  'Descriptor',
  'Status',
  'Agency',
  'Incident Address',
  'Incident Zip',
  'City',
  'Borough',
  'Created Date',
  'Due Date',
  'Latitude',
  'Longitude',
  'Resolution Description',
];

/** What Bulk 2.0 would return of these records: key, version and synced fields as CSV. Real values, repeated. */
export const extraction = (records: number): Cost => {
  const rows = parse<Record<string, string>>(readFileSync(new URL('../../samples/nyc311/rows.csv', import.meta.url)), {
    columns: true,
  });
  const random = seededRandom(1);
  const sample = Array.from({ length: SAMPLE }, (_, i) =>
    [randomUuid(random), i, ...EXTRACTED.map((name) => `"${rows[i % rows.length]![name]}"`)].join(','),
  ).join('\n');
  const scale = records / SAMPLE;
  return {
    calls: Math.ceil(records / ROWS_PER_RESULT) + CALLS_OF_A_JOB,
    bytes: Math.round(Buffer.byteLength(sample) * scale),
    gzip: Math.round(gzipSync(sample).length * scale),
  };
};
