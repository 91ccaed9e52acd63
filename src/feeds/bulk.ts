/**
 * Many rows through ingest jobs of Bulk API 2.0 (Bulk API 2.0 Developer Guide): a job for each so many bytes, its results
 * matched by external id, its id noted before the upload, so that after a crash it is asked how it went and not made again.
 */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { TransportError } from 'kernel/http.ts';
import { pauseAfter } from '../shared/backoff.ts';
import { csvField } from '../shared/csv.ts';
import { SalesforceError } from '../shared/salesforce/errors.ts';
import { tellsRowLock } from '../shared/salesforce/row-lock.ts';
import { expected, UnreadableAnswer } from '../shared/expected.ts';
import { isPlain, isText } from '../shared/shapes.ts';
import { rowKey } from './canonical.ts';
import { insertJob, noteJob, openJobs } from './db/jobs.ts';
import { refuseRows, rowsToWrite, settleRows, type RowToWrite } from './db/rows.ts';
import { pathOf, type FieldPlan } from './record.ts';
import type { FieldValue, RowProblem } from './types.ts';
import { Interrupted, NOTHING_WRITTEN, patiently, PAUSE, refusal, type Writing, type Written } from './writing.ts';

/** Salesforce takes 150 MB of base64 an upload, and recommends 100 MB of text; a quarter of that keeps memory flat. */
const BYTES_A_JOB = 25_000_000;
const PAGE = 2_000;
const NOTED_AT_ONCE = 2_000;
/** What empties a field: a cell that is empty leaves it as it is ("Valid CSV Record Rows"). */
const NOTHING = '#N/A';
const FIRST_WAIT_MS = 2_000;
const MAX_WAIT_MS = 60_000;
/** Milliseconds after which a job is left to itself; the next run asks how it went. */
const PATIENCE_MS = 4 * 3_600_000;
/** Jobs that are made for one upload, before the run is given up. */
const UPLOADS = 6;
/** Jobs in a row that saved and refused nothing, before the run is given up. */
const MAX_IN_VAIN = 2;

interface Job {
  id: string;
  state: string;
  errorMessage?: string;
}

const isJob = (value: unknown): value is Job => isPlain(value) && isText(value.id) && isText(value.state);

/** Line ends as the job is told. */
const line = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\n`;

/** What a job can say of a row. A text that reads as nothing, and a look-up that is emptied, are said by another call. */
const isForJob = ({ plan }: Writing, { salesforce_id: id, next_values: values }: RowToWrite): boolean =>
  plan.fields.every(({ name, parentKey }) => {
    const value = values[name] ?? null;
    return value !== NOTHING && !(parentKey !== null && value === null && id !== null);
  });

const cellOf = ({ rule, parentKey }: FieldPlan, value: FieldValue, isKnown: boolean): string => {
  // what people in Salesforce own is given once
  if (isKnown && rule.owner === 'salesforce') return '';
  // nothing is nothing for a new record too, for an empty cell would take the field's default; a value of people's may
  if (value === null) return parentKey === null && rule.owner === 'view' ? NOTHING : '';
  return String(value);
};

const rowOf = ({ plan }: Writing, row: RowToWrite): string =>
  line([
    row.external_id,
    ...plan.fields.map((field) => cellOf(field, row.next_values[field.name] ?? null, row.salesforce_id !== null)),
  ]);

/** The CSV of the next rows, up to the size of a job; null when there are none. `after`: the key of the last row that was looked at. */
const nextUpload = async (writing: Writing, after: string): Promise<{ csv: string; after: string } | null> => {
  const { plan, db, run, bytesAJob = BYTES_A_JOB } = writing;
  const parts: string[] = [];
  let [size, last] = [0, after];
  while (size < bytesAJob) {
    const rows = await rowsToWrite(db, run, last, PAGE);
    if (rows.length === 0) break;
    for (const row of rows) {
      if (size >= bytesAJob) break;
      last = row.row_key;
      if (!isForJob(writing, row)) continue;
      const text = rowOf(writing, row);
      parts.push(text);
      size += Buffer.byteLength(text);
    }
  }
  if (size === 0) return null;
  return { csv: line([plan.externalId.name, ...plan.fields.map(pathOf)]) + parts.join(''), after: last };
};

const askJob = (writing: Writing, id: string): Promise<Job> =>
  patiently(writing, async () =>
    expected(await writing.client.get<unknown>(`/jobs/ingest/${id}`), isJob, 'Salesforce', `the job ${id}`),
  );

/** Looks at the job until it has ended. Each look is an API call, so the pauses grow. */
const ended = async (writing: Writing, id: string): Promise<Job> => {
  const until = writing.clock.now() + PATIENCE_MS;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, MAX_WAIT_MS)) {
    const job = await askJob(writing, id);
    if (/^(JobComplete|Failed|Aborted)$/.test(job.state)) return job;
    if (writing.clock.now() >= until)
      throw new Interrupted(
        `the job ${id} is ${job.state} after ${PATIENCE_MS / 3_600_000} hours; the next run asks how it went`,
      );
    await writing.onWritten();
    await writing.clock.sleep(wait, writing.signal);
  }
};

type ResultRow = Record<string, string>;

/** Rows of a result, so many at a time. Throws UnreadableAnswer for what is no CSV, or has rows without `key`. */
async function* batchesOf(csv: string, key: string): AsyncGenerator<ResultRow[]> {
  let batch: ResultRow[] = [];
  const rows = Readable.from([csv]).pipe(parse({ columns: true, record_delimiter: '\n' }));
  const hasKey = (row: ResultRow): row is ResultRow => isText(row[key]);
  try {
    for await (const row of rows as AsyncIterable<ResultRow>) {
      batch.push(expected(row, hasKey, 'Salesforce', 'the external id of each result'));
      if (batch.length < NOTED_AT_ONCE) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableAnswer(`the results of a job are no CSV: ${error.message}`, { cause: error });
  }
  if (batch.length > 0) yield batch;
}

/** `CODE:words:fields --`, as the results say it. */
const problemOf = (text: string): RowProblem => {
  const [, code = 'UNKNOWN', message = text, fields = ''] =
    /^([A-Z_]+):([\s\S]*?)(?::([^:]*?))?(?: --)?$/.exec(text) ?? [];
  const field = fields.replaceAll('-', '').split(',')[0]!.trim();
  return refusal(code, field === '' ? null : field, message);
};

/** Notes what became of a job's rows, by their external ids. Repeated, it notes the same. How many rows it told of. */
const noteResults = async (writing: Writing, id: string, written: Written): Promise<number> => {
  const { client, plan, db, run, clock } = writing;
  const name = plan.externalId.name;
  /** One of the files of results; one that cannot be read is asked for again, from its begin. How many rows it has. */
  const noteEach = (which: string, note: (rows: ResultRow[], noted: Written) => Promise<void>): Promise<Written> =>
    patiently(writing, async () => {
      const noted = { ...NOTHING_WRITTEN };
      const { body } = await client.text(`/jobs/ingest/${id}/${which}/`);
      for await (const rows of batchesOf(body, name)) await note(rows, noted);
      return noted;
    });
  const { created, updated } = await noteEach('successfulResults', async (rows, noted) => {
    await settleRows(
      db,
      run,
      rows.map((row) => ({ key: rowKey(row[name]!), salesforceId: row.sf__Id! })),
    );
    for (const row of rows) noted[row.sf__Created === 'true' ? 'created' : 'updated']++;
  });
  const { refused } = await noteEach('failedResults', async (rows, noted) => {
    const failed = rows.filter((row) => !tellsRowLock(row.sf__Error));
    const problems = failed.map((row) => ({ key: rowKey(row[name]!), problem: problemOf(row.sf__Error ?? '') }));
    if (problems.length > 0) await refuseRows(db, run, problems, new Date(clock.now()));
    noted.refused += failed.length;
  });
  await noteJob(db, id, new Date(clock.now()));
  written.created += created;
  written.updated += updated;
  written.refused += refused;
  return created + updated + refused;
};

/** What a call that was answered by a 400 wanted of a job may be so already: its first answer was lost. */
const unlessIn = async (
  writing: Writing,
  id: string,
  state: (state: string) => boolean,
  work: () => Promise<unknown>,
) => {
  try {
    await patiently(writing, work);
  } catch (error) {
    if (!(error instanceof SalesforceError && error.status === 400)) throw error;
    if (!state((await askJob(writing, id)).state)) throw error;
  }
};

/** Of a job that was not told that its upload is complete: nothing of it is processed, now or later. */
const abort = async (writing: Writing, id: string): Promise<void> => {
  const isEnded = (state: string): boolean => state !== 'Open';
  await unlessIn(writing, id, isEnded, () =>
    writing.client.change('PATCH', `/jobs/ingest/${id}`, { state: 'Aborted' }),
  );
  await noteJob(writing.db, id, new Date(writing.clock.now()));
};

/**
 * Creates a job, notes its id, and hands it its rows. Rows are uploaded once: where no answer says that they arrived, or an
 * answer says that they came twice, the job is aborted before anything of it is processed, and another one is made.
 */
const begin = async (writing: Writing, csv: string): Promise<string> => {
  const { client, feed, plan, db, run, clock, random } = writing;
  for (let tries = 1; ; tries++) {
    const { id } = await patiently(writing, async () => {
      const answer = await client.change<unknown>('POST', '/jobs/ingest', {
        object: feed.object,
        externalIdFieldName: plan.externalId.name,
        contentType: 'CSV',
        operation: 'upsert',
        lineEnding: 'LF',
      });
      return expected(answer, isJob, 'Salesforce', 'the new job');
    });
    await insertJob(db, run, id, new Date(clock.now()));
    try {
      await client.upload(`/jobs/ingest/${id}/batches`, csv);
    } catch (error) {
      if (!(error instanceof SalesforceError || error instanceof TransportError)) throw error;
      await abort(writing, id);
      if (tries === UPLOADS)
        throw new Interrupted(`Salesforce takes no rows for a job: ${error.message}. Run it again`, { cause: error });
      await clock.sleep(pauseAfter(tries, PAUSE, random));
      continue;
    }
    await unlessIn(
      writing,
      id,
      (state) => state !== 'Open' && state !== 'Aborted',
      () => client.change('PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' }),
    );
    return id;
  }
};

/**
 * Writes the rows of the run that a job can take. What it cannot take, what others held, and what a job left over stays
 * to be written, record by record. Rejects with Interrupted.
 */
export const writeInBulk = async (writing: Writing, written: Written): Promise<void> => {
  let inVain = 0;
  for (let after = ''; ;) {
    const upload = await nextUpload(writing, after);
    if (upload === null) return;
    const id = await begin(writing, upload.csv);
    const job = await ended(writing, id);
    const told = await noteResults(writing, id, written);
    if (job.state === 'JobComplete' || told > 0) inVain = 0;
    else if (++inVain === MAX_IN_VAIN)
      throw new Interrupted(
        `the job ${id} ended as ${job.state}: ${job.errorMessage ?? 'Salesforce gives no reason'}; see Bulk Data Load Jobs in Setup`,
      );
    // what a job that failed has left over is taken up again by the next one
    if (job.state === 'JobComplete') after = upload.after;
    await writing.onWritten();
  }
};

/** Jobs of a run that broke off: their results are noted before anything is read or written. One that got no rows is aborted. */
export const resumeJobs = async (writing: Writing): Promise<Written> => {
  const written = { ...NOTHING_WRITTEN };
  for (const id of await openJobs(writing.db, writing.run)) {
    try {
      const { state } = await askJob(writing, id);
      if (state === 'Open') await abort(writing, id);
      else {
        await ended(writing, id);
        await noteResults(writing, id, written);
      }
    } catch (error) {
      // Salesforce keeps jobs for seven days: what this one did is found by looking at the records
      if (!(error instanceof SalesforceError && error.status === 404)) throw error;
      await noteJob(writing.db, id, new Date(writing.clock.now()));
    }
  }
  return written;
};
