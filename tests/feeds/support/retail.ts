import assert from 'node:assert/strict';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock, type Clock } from 'kernel/clock.ts';
import type { HttpRequest, HttpResponse, Transport } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { FeedConfig } from '../../../src/feeds/config.ts';
import { decide, runFeed, type FeedParts, type RunOutcome } from '../../../src/feeds/run.ts';
import type { FeedPolicy } from '../../../src/feeds/types.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { underSession } from '../../../src/shared/salesforce/under-session.ts';
import { API_VERSION } from '../../../src/shared/salesforce/version.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import { borrowFeedDatabase, type FeedDatabase } from './database.ts';
import { ListedSource, textColumn, type ListedRow } from './listed-source.ts';
import { retailProject } from './retail-project.ts';

const FEED_USER = 'feeds@retail.example';
const APP = { consumerKey: 'feeds', consumerSecret: 's', runAs: FEED_USER };

const POLICY: FeedPolicy = {
  hold: { fewerRows: 0.5, changedRows: 0.8, emptiedValues: 0.5 },
  vanished: null,
  deleted: 'make again',
};

export const CONFIG = {
  companies: { ACME: { source: { kind: 'embedded', timeoutMs: 60_000, timeZone: 'UTC' } } },
  feeds: {
    accounts: {
      object: 'Account',
      externalId: 'Key__c',
      view: { name: 'accounts_view' },
      key: ['code'],
      fields: {
        Name: { column: 'name', owner: 'view' as const },
        Phone: { column: 'phone', owner: 'view' as const },
        Limit__c: { column: 'credit', owner: 'view' as const },
        Active__c: { column: 'active', owner: 'view' as const, values: { S: true, N: false } },
        Since__c: { column: 'since', owner: 'view' as const, nulls: ['1900-01-01'] },
        Description: { column: 'note', owner: 'salesforce' as const },
      },
      policy: POLICY,
      schedule: '0 5 * * *',
    },
    stores: {
      object: 'Store__c',
      externalId: 'Key__c',
      view: { name: 'stores_view' },
      key: ['code'],
      fields: {
        Name: { column: 'name', owner: 'view' as const },
        Account__c: { column: 'account', owner: 'view' as const, parent: 'accounts' },
      },
      policy: POLICY,
      schedule: '0 5 * * *',
    },
  },
};

export type ConfigOf = typeof CONFIG;

const ACCOUNT_COLUMNS = [
  textColumn('code', { length: 10 }),
  textColumn('name', { length: 200 }),
  textColumn('phone'),
  textColumn('credit', { type: 'decimal', declared: 'decimal(18,4)', precision: 18, scale: 4 }),
  textColumn('active', { length: 1 }),
  textColumn('since', { type: 'date', declared: 'date' }),
  textColumn('note'),
];
const STORE_COLUMNS = [textColumn('code'), textColumn('name', { length: 80 }), textColumn('account')];

export const account = (code: string, more: ListedRow = {}): ListedRow => ({
  code,
  name: `account ${code}`,
  phone: '601 555 0100',
  credit: '1000.5000',
  active: 'S',
  since: '2020-02-29',
  note: `first note of ${code}`,
  ...more,
});

export const accounts = (count: number): ListedRow[] =>
  Array.from({ length: count }, (_, index) => account(String(index + 1).padStart(4, '0')));

/** An org with Accounts and stores, a database of feeds, a source that the test lists, and people in Salesforce. */
export class Retail {
  readonly source = new ListedSource();
  readonly db: Database;
  readonly org: LocalOrg;
  readonly orgClock: ManualClock;
  config: FeedConfig = new FeedConfig('feeds.json', CONFIG);
  /** Every request of the feeds to Salesforce, as `METHOD /path`. */
  readonly sent: string[] = [];
  /** From so many rows on a run uses bulk jobs. */
  bulkFrom = 2_000;
  /** Records of a page of Salesforce; null: as many as a call takes. */
  pageSize: number | null = null;
  /** Answers in the org's place, or lets a request through with null. */
  intercept: (request: HttpRequest) => Promise<HttpResponse | null> = async () => null;
  readonly #project: { remove: () => void };
  readonly #giveBack: () => void;
  readonly #random = seededRandom(3);

  private constructor(
    { db, giveBack }: FeedDatabase,
    org: LocalOrg,
    orgClock: ManualClock,
    project: { remove: () => void },
  ) {
    this.db = db;
    this.#giveBack = giveBack;
    this.org = org;
    this.orgClock = orgClock;
    this.#project = project;
    this.list('accounts', []);
    this.list('stores', []);
  }

  /**
   * One at a time: they have their database in common. `hasBook`: the org has the product's objects for runs and refusals.
   * `project`: another one; `grants`: the permission sets of the feeds' user.
   */
  static async open({
    hasBook = false,
    project = retailProject(hasBook),
    grants = ['Feeds', 'Concord_Feeds_Integration'],
  }: { hasBook?: boolean; project?: ReturnType<typeof retailProject>; grants?: string[] } = {}): Promise<Retail> {
    const orgClock = new ManualClock(Date.UTC(2026, 0, 5, 5));
    const org = createOrg({
      projectDir: project.folder,
      clock: orgClock,
      random: seededRandom(1),
      connectedApps: [APP],
    });
    const retail = new Retail(await borrowFeedDatabase(), org, orgClock, project);
    retail.apex(
      `insert new User(Username = '${FEED_USER}', Email = '${FEED_USER}', LastName = 'feeds', Alias = 'feeds',
         ProfileId = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - API Only Integrations'].Id,
         TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US');`,
    );
    retail.apex(
      `Id userId = [SELECT Id FROM User WHERE Username = '${FEED_USER}'].Id;
       for (PermissionSet granted : [SELECT Id FROM PermissionSet WHERE Name IN (${grants.map((name) => `'${name}'`).join(', ')})]) {
         insert new PermissionSetAssignment(AssigneeId = userId, PermissionSetId = granted.Id);
       }`,
    );
    return retail;
  }

  close(): void {
    this.#giveBack();
    this.org.close();
    this.#project.remove();
  }

  /** What an administrator does in Salesforce. */
  apex(text: string): void {
    const { success, compileProblem, exceptionMessage } = this.org.executeAnonymous(text);
    assert.ok(success, compileProblem ?? exceptionMessage ?? '');
  }

  list(feed: 'accounts' | 'stores', rows: ListedRow[]): void {
    this.source.set(`${feed}_view`, feed === 'accounts' ? ACCOUNT_COLUMNS : STORE_COLUMNS, rows);
  }

  readonly #transport: Transport = async (request) => {
    const { pathname, search } = new URL(request.url);
    const url = pathname + search;
    this.sent.push(`${request.method} ${pathname}`);
    const instead = await this.intercept({ ...request, url });
    return instead ?? this.org.handle({ ...request, url, headers: { ...request.headers, host: 'org.test' } });
  };

  /** A session of the program's user. */
  async login(): Promise<string> {
    const { body } = await this.org.handle({
      method: 'POST',
      url: '/services/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'org.test' },
      body: 'grant_type=client_credentials&client_id=feeds&client_secret=s',
    });
    return (JSON.parse(body) as { access_token: string }).access_token;
  }

  async parts(): Promise<FeedParts> {
    const accessToken = await this.login();
    const session = { accessToken, instanceUrl: 'http://org.test' };
    const clock: Clock = { now: () => this.orgClock.now(), sleep: (ms) => this.orgClock.advance(ms) };
    const send = underSession({
      sessions: { session: async () => session, end: () => {} },
      transport: this.#transport,
      now: () => clock.now(),
    });
    return {
      config: this.config,
      db: this.db,
      source: this.source,
      client: new SalesforceClient(send, API_VERSION),
      clock,
      random: this.#random,
      bulkFrom: this.bulkFrom,
      ...(this.pageSize === null ? {} : { pageSize: this.pageSize }),
    };
  }

  async run(feed: string, options: { isDry?: boolean } = {}): Promise<RunOutcome> {
    this.sent.length = 0;
    await this.orgClock.advance(24 * 3_600_000);
    return runFeed(await this.parts(), this.config.feed('ACME', feed), options);
  }

  async decide(key: string, word: 'release' | 'reject'): Promise<RunOutcome> {
    this.sent.length = 0;
    return decide(await this.parts(), { key, word, by: 'vera' });
  }

  /** What Salesforce holds, as an administrator sees it. */
  async held(soql: string): Promise<Record<string, unknown>[]> {
    const { status, body } = await this.org.handle({
      method: 'GET',
      url: `/services/data/v${API_VERSION}/query?q=${encodeURIComponent(soql)}`,
      headers: { host: 'org.test', authorization: `Bearer ${this.org.info.accessToken}` },
      body: '',
    });
    assert.equal(status, 200, body);
    return (JSON.parse(body) as { records: Record<string, unknown>[] }).records.map(
      ({ attributes: _, ...rest }) => rest,
    );
  }
}
