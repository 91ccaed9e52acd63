/** A real org of the project in fixtures/, and how tests speak to its API. */
import { join } from 'node:path';
import { createOrg } from '../../../src/index.ts';
import type { Org, OrgOptions } from '../../../src/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

export const PROJECT = join(import.meta.dirname, '..', 'fixtures', 'project');
export const D = '/services/data/v67.0';

/** Answers are checked by assertions. */
export type Json = any;

export interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Json;
}

export interface WidgetOrg {
  org: Org;
  clock: ManualClock;
  /** `path` below `/services/data/v67.0`, or a whole path that begins with /services. */
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answered>;
  query: (soql: string) => Promise<Json[]>;
}

export const widgetOrg = (options: Partial<OrgOptions> = {}): WidgetOrg => {
  const clock = new ManualClock(Date.UTC(2026, 10, 21, 7, 30));
  const org = createOrg({ projectDir: PROJECT, clock, random: seededRandom(1), ...options });
  const send: WidgetOrg['send'] = async (method, path, body, headers = {}) => {
    const response = await org.handle({
      method,
      url: /^\/+services/.test(path) ? path : `${D}${path}`,
      headers: { host: 'org.test', authorization: `Bearer ${org.info.accessToken}`, ...headers },
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { ...response, body: response.body === '' ? null : JSON.parse(response.body) };
  };
  const query = async (soql: string): Promise<Json[]> =>
    (await send('GET', `/query?q=${encodeURIComponent(soql)}`)).body.records as Json[];
  return { org, clock, send, query };
};
