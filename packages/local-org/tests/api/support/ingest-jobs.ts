/** How tests run Bulk API 2.0 ingest jobs. */
import { D, type Answered, type WidgetOrg } from './widget-org.ts';

export type ResultFile = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

export interface IngestJobs {
  create: (request: object) => Promise<Answered>;
  upload: (id: string, csv: string, headers?: Record<string, string>) => Promise<{ status: number; text: string }>;
  change: (id: string, state: string) => Promise<Answered>;
  info: (id: string) => Promise<Answered>;
  /** A file of results as it came. */
  file: (id: string, which: ResultFile) => Promise<string>;
  /** Creates a job with these lines, completes it, lets the clock move on, and answers it as it stands then. */
  run: (request: object, lines: readonly string[]) => Promise<Answered['body']>;
}

/** With the session of the org's administrator, or of somebody else. */
export const ingestJobs = ({ org, clock, send }: WidgetOrg, authorization?: string): IngestJobs => {
  const session = { authorization: authorization ?? `Bearer ${org.info.accessToken}` };
  const raw = async (method: string, path: string, body: string, headers: Record<string, string>) => {
    const answer = await org.handle({
      method,
      url: `${D}/jobs/ingest/${path}`,
      headers: { host: 'org.test', ...session, ...headers },
      body,
    });
    return { status: answer.status, text: answer.body };
  };
  const create: IngestJobs['create'] = (request) => send('POST', '/jobs/ingest', request, session);
  const upload: IngestJobs['upload'] = (id, csv, headers = {}) =>
    raw('PUT', `${id}/batches`, csv, { 'content-type': 'text/csv', ...headers });
  const change: IngestJobs['change'] = (id, state) => send('PATCH', `/jobs/ingest/${id}`, { state }, session);
  const info: IngestJobs['info'] = (id) => send('GET', `/jobs/ingest/${id}`, undefined, session);
  const file: IngestJobs['file'] = async (id, which) => (await raw('GET', `${id}/${which}`, '', {})).text;
  const run: IngestJobs['run'] = async (request, lines) => {
    const { id } = (await create(request)).body;
    await upload(id as string, lines.map((line) => `${line}\n`).join(''));
    await change(id as string, 'UploadComplete');
    await clock.advance(1_000);
    return (await info(id as string)).body;
  };
  return { create, upload, change, info, file, run };
};
