/** An API over a fake store, and how tests speak to it. */
import { createApi } from '../../../src/api/index.ts';
import type { ApiDeps } from '../../../src/api/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import type { Handler, HttpResponse } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { ADMIN, fakeStore, START, type FakeStore } from './fake-store.ts';

export const ADMIN_TOKEN = '00D000000000001!first';

export interface FakeOrg {
  api: Handler;
  clock: ManualClock;
  store: FakeStore;
  send(method: string, url: string, options?: SendOptions): Promise<HttpResponse>;
}

export interface SendOptions {
  token?: string | null;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

export const fakeOrg = (more: Partial<ApiDeps> & { store?: FakeStore } = {}): FakeOrg => {
  const clock = new ManualClock(START);
  const store = more.store ?? fakeStore();
  const api = createApi({
    info: { orgId: store.orgId, userId: ADMIN.id, username: ADMIN.username, accessToken: ADMIN_TOKEN },
    clock,
    random: seededRandom(1),
    apex: {
      rest: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '"done"' }),
      executeAnonymous: (apex) => ({
        compiled: true,
        success: true,
        line: -1,
        column: -1,
        compileProblem: null,
        exceptionMessage: null,
        exceptionStackTrace: null,
        log: `ran <${apex}>`,
      }),
      runTests: () => ({ outcomes: [], totalTime: 0 }),
    },
    deployments: {
      deploy: () => '0Af000000000001AAA',
      result: () => null,
      production: false,
      components: () => [],
    },
    transaction: () => {
      throw new Error('the fake org saves nothing');
    },
    ...more,
    store,
  });
  const send: FakeOrg['send'] = (method, url, { token = ADMIN_TOKEN, headers = {}, body, signal } = {}) =>
    api({
      method,
      url,
      headers: { host: 'org.test', ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  return { api, clock, store, send };
};
