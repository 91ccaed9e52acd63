/** How tests run Bulk API 2.0 query jobs. */
import { D, type Answered, type WidgetOrg } from './widget-org.ts';

export interface CsvAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface QueryJobs {
  create: (query: string, more?: object) => Promise<Answered>;
  info: (id: string) => Promise<Answered>;
  /** A set of results as it came. */
  results: (id: string, search?: string, headers?: Record<string, string>) => Promise<CsvAnswer>;
  /** Creates a job, lets the clock move on, and answers the whole result. */
  run: (query: string, more?: object) => Promise<string>;
}

export const queryJobs = ({ org, clock, send }: WidgetOrg): QueryJobs => {
  const create: QueryJobs['create'] = (query, more) =>
    send('POST', '/jobs/query', { operation: 'query', query, ...more });
  const info: QueryJobs['info'] = (id) => send('GET', `/jobs/query/${id}`);
  const results: QueryJobs['results'] = async (id, search = '', headers = {}) => {
    const { body, ...answer } = await org.handle({
      method: 'GET',
      url: `${D}/jobs/query/${id}/results${search}`,
      headers: { host: 'org.test', authorization: `Bearer ${org.info.accessToken}`, ...headers },
      body: '',
    });
    return { ...answer, text: body };
  };
  const run: QueryJobs['run'] = async (query, more) => {
    const id = (await create(query, more)).body.id as string;
    await clock.advance(1);
    return (await results(id)).text;
  };
  return { create, info, results, run };
};
