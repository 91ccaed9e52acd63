/**
 * The program of feeds in a process of its own, so that what it needs of memory is its own alone: the org and both databases are
 * the parent's, and are asked over the channel between them.
 */
import { randomUuid, seededRandom } from 'kernel/random.ts';
import type { Clock } from 'kernel/clock.ts';
import type { HttpResponse } from 'kernel/http.ts';
import { FeedConfig } from '../../src/feeds/config.ts';
import { runFeed, type RunOutcome } from '../../src/feeds/run.ts';
import { PostgresSource } from '../../src/feeds/source/postgres.ts';
import { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { underSession } from '../../src/shared/salesforce/under-session.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import type { Database, Queryable } from '../../src/shared/sql/types.ts';

/** What the parent wants: a run, or rows one by one. */
export interface Task {
  config: ConstructorParameters<typeof FeedConfig>[1];
  company: string;
  feed: string;
  accessToken: string;
  /** Milliseconds of the org's clock. */
  now: number;
  /** Instead of a run: so many rows, each looked up by its external id and saved by itself. */
  oneByOne?: number;
}

export interface Done {
  outcome: Pick<RunOutcome, 'status' | 'counts' | 'reasons' | 'apiCalls'> | null;
  calls: number;
  ms: number;
  /** Milliseconds of processor time of this process. */
  cpuMs: number;
}

/** What the parent is asked for; `tx`: within this transaction. */
export interface Asked {
  id: number;
  what: 'view' | 'query' | 'begin' | 'commit' | 'rollback' | 'script' | 'salesforce' | 'pass' | 'done';
  given: unknown;
  parameters?: readonly unknown[];
  tx?: string;
}

export interface Answered {
  id: number;
  value?: unknown;
  error?: string;
}

const waiting = new Map<number, PromiseWithResolvers<unknown>>();
let serial = 0;

const ask = <T>(asked: Omit<Asked, 'id'>): Promise<T> => {
  const id = ++serial;
  const answer = Promise.withResolvers<unknown>();
  waiting.set(id, answer);
  process.send!({ id, ...asked });
  return answer.promise as Promise<T>;
};

const take = ({ id, value, error }: Answered): void => {
  const answer = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) answer?.resolve(value);
  else answer?.reject(new Error(error));
};

const random = seededRandom(3);

const within = (tx: string | undefined): Queryable => ({
  query: (text, parameters = []) =>
    ask({ what: 'query', given: text, parameters, ...(tx === undefined ? {} : { tx }) }),
});

const db: Database = {
  ...within(undefined),
  transaction: async (work) => {
    const tx = randomUuid(random);
    await ask({ what: 'begin', given: tx });
    try {
      const result = await work(within(tx));
      await ask({ what: 'commit', given: tx });
      return result;
    } catch (error) {
      await ask({ what: 'rollback', given: tx });
      throw error;
    }
  },
  script: (text) => ask({ what: 'script', given: text }),
  close: async () => {},
};

const source = new PostgresSource(
  { query: (text, parameters = []) => ask({ what: 'view', given: text, parameters }), close: async () => {} },
  600_000,
);

/** The way of the program that feeds replace: look a row up by its external id, then save it. */
const oneByOne = async (client: SalesforceClient, company: string, rows: number): Promise<void> => {
  for (let row = 1; row <= rows; row++) {
    const key = `${company}-${String(row).padStart(8, '0')}`;
    await client.get(`/sobjects/Account/Key__c/${key}`);
    await client.change('PATCH', `/sobjects/Account/Key__c/${key}`, { Phone: `602 ${row}` });
  }
};

const perform = async (task: Task): Promise<Done> => {
  let { now } = task;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      await ask({ what: 'pass', given: ms });
      now += ms;
    },
  };
  const send = underSession({
    sessions: { session: async () => ({ ...task, instanceUrl: 'http://org.test' }), end: () => {} },
    transport: (request) => ask<HttpResponse>({ what: 'salesforce', given: request }),
    now: () => now,
  });
  const client = new SalesforceClient(send, API_VERSION);
  const config = new FeedConfig('feeds.json', task.config);
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  let outcome: Done['outcome'] = null;
  if (task.oneByOne !== undefined) await oneByOne(client, task.company, task.oneByOne);
  else {
    const parts = { config, db, source, client, clock, random };
    const { status, counts, reasons, apiCalls } = await runFeed(parts, config.feed(task.company, task.feed));
    outcome = { status, counts, reasons, apiCalls };
  }
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { outcome, calls: client.calls, ms, cpuMs: (user + system) / 1_000 };
};

process.on('message', (message: Answered | { task: Task }) => {
  if ('id' in message) take(message);
  else
    perform(message.task).then(
      (done) => process.send!({ id: 0, what: 'done', given: done }),
      (error: unknown) => {
        throw error;
      },
    );
});
