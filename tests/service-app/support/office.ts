import { after, before, beforeEach } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { json, TransportError, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { openServedDatabase } from '../../../src/simulation/own-database.ts';
import { savePerson } from '../../../src/service-app/db/people.ts';
import { createServiceApp, type ServiceApp } from '../../../src/service-app/index.ts';
import { secretOf } from '../../../src/service-app/passwords.ts';
import { SalesforceAway, type Contract, type LiveAd, type Contracts } from '../../../src/service-app/contracts.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import type { AdMessage, OwnSealMessage } from '../../../src/shared/usage-messages.ts';
import { Lent } from '../../support/lent.ts';

export const TOKEN = 'what-the-middle-layer-presents';
export const PASSWORD = 'correct horse battery';
/** Kept at low costs: to make one, or to check it, at the application's own takes a quarter of a second. */
const SECRET = await secretOf(PASSWORD, { N: 2 ** 8, r: 8, p: 1 });
const PEOPLE = [
  { name: 'petra', role: 'supervisor' },
  { name: 'paul', role: 'supervisor' },
  { name: 'klaus', role: 'booker' },
] as const;

export const MAGIC: Contract = {
  number: '00000100',
  account: 'Magic Ads Inc',
  currency: 'EUR',
  fulfilled: false,
  sealing: null,
  lines: [
    {
      productNumber: 'GIGANTIC',
      productName: 'Gigantic ad',
      unitPrice: '900.00',
      sold: '5',
      consumed: '1',
      available: '4',
    },
    {
      productNumber: 'SMALL',
      productName: 'Small ad <b>',
      unitPrice: '40.00',
      sold: '3',
      consumed: '0',
      available: '3',
    },
  ],
};

/** The contract that follows it. */
export const NEXT: Contract = { ...MAGIC, number: '00000101' };

/** How the middle layer answers a message; null: no answer comes. */
export type Answer = (message: AdMessage) => object | null;

/** An office that opens empties it. */
const embedded = new Lent(openPglite);

const openDatabase = async (): Promise<{ db: Database; close: () => Promise<void> }> => {
  const served = await openServedDatabase();
  if (served) return { db: served, close: () => served.close() };
  const { thing: db, giveBack } = await embedded.borrow();
  return { db, close: async () => giveBack() };
};

/** The application over a middle layer and a Salesforce that a test plays. */
export class Office {
  readonly clock = new ManualClock(Date.parse('2026-11-27T08:00:00Z'));
  /** What Salesforce has of the first contract. */
  found: Contract = MAGIC;
  /** How far the application's own clock is ahead, in milliseconds. */
  skewMs = 0;
  readonly received: AdMessage[] = [];
  readonly ownSeals: OwnSealMessage[] = [];
  app!: ServiceApp;
  /** What Salesforce has sealed of the contract that a test is about, and what stands there. */
  sealed: Awaited<ReturnType<Contracts['readSeal']>> = null;
  /** What its usage entries say of ads. */
  liveAds: LiveAd[] = [];
  /** What the middle layer has in its audit of it. */
  audited: object | null = null;
  salesforceIsAway = false;
  middleLayerIsAway = false;
  answer: Answer = ({ id }) => ({ id, accepted: true });
  #cookie = '';
  #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async open(): Promise<void> {
    this.app = await createServiceApp({
      db: this.#db,
      clock: { now: () => this.clock.now() + this.skewMs, sleep: (ms, signal) => this.clock.sleep(ms, signal) },
      random: seededRandom(7),
      transport: (request) => this.#take(request),
      contracts: this.#contracts(),
      middleLayer: { url: 'http://middle-layer', token: 'the-application' },
      token: TOKEN,
    });
    await this.#db.script(
      'TRUNCATE app_user, session, report, booking, booking_repair, ad_decision, ad_change, ad_use, ad, invoice, contract_seal',
    );
    for (const person of PEOPLE) await savePerson(this.#db, person, SECRET);
  }

  #contracts(): Contracts {
    const asked = <T>(value: T): Promise<T> =>
      this.salesforceIsAway ? Promise.reject(new SalesforceAway('It does not answer.')) : Promise.resolve(value);
    return {
      search: (text) => asked([MAGIC].filter(({ number, account }) => `${number} ${account}`.includes(text))),
      read: (number) => asked([this.found, NEXT].find((contract) => contract.number === number) ?? null),
      readSeal: () => asked(this.sealed),
      readAds: (ids) => asked(this.liveAds.filter(({ id }) => ids.includes(id))),
    };
  }

  async #take(request: HttpRequest): Promise<HttpResponse> {
    if (this.middleLayerIsAway) throw new TransportError('no answer');
    if (request.url.includes('/v1/usage/seals?'))
      return this.audited === null ? json(404, { errorCode: 'NOT_FOUND' }) : json(200, this.audited);
    if (request.url.endsWith('/v1/usage/own-seals')) return this.#takeOwnSeals(request);
    const { messages } = JSON.parse(request.body) as { messages: AdMessage[] };
    this.received.push(...messages);
    const results = messages.map((message) => this.answer(message));
    return json(202, { results: results.filter((result) => result !== null) });
  }

  #takeOwnSeals(request: HttpRequest): HttpResponse {
    const { messages } = JSON.parse(request.body) as { messages: OwnSealMessage[] };
    this.ownSeals.push(...messages);
    return json(202, { results: messages.map(({ id }) => ({ id, accepted: true })) });
  }

  /** Reports until nothing is due any more. */
  async report(): Promise<void> {
    while ((await this.app.report()) > 0);
  }

  get(url: string): Promise<HttpResponse> {
    return this.app.handle({ method: 'GET', url, headers: { cookie: this.#cookie }, body: '' });
  }

  post(url: string, fields: [string, string][] | Record<string, string>): Promise<HttpResponse> {
    return this.app.handle({
      method: 'POST',
      url,
      headers: { cookie: this.#cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async signIn(name = 'petra', password = PASSWORD): Promise<HttpResponse> {
    const response = await this.post('/sign-in', { name, password });
    this.#cookie = (response.headers['set-cookie'] ?? '').split(';')[0]!;
    return response;
  }

  /** The fields of the first form on a page that are hidden. */
  async hidden(url: string): Promise<Record<string, string>> {
    const { body } = await this.get(url);
    const [form = ''] = body.match(/<form method="post" action="\/ads[\s\S]*?<\/form>/) ?? [];
    const inputs = form.matchAll(/type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g);
    return Object.fromEntries([...inputs].map(([, name, value]) => [name!, value!]));
  }

  tell(outcomes: object[], token = TOKEN): Promise<HttpResponse> {
    return this.app.handle({
      method: 'POST',
      url: '/v1/messages',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ messages: outcomes }),
    });
  }
}

/** What the middle layer tells of an ad that Salesforce has entered; `more`: what is another. */
export const outcomeOf = (id: string, adId: string, version: number, more: object = {}): object => ({
  kind: 'outcome',
  id,
  adId,
  version,
  outcome: 'APPLIED',
  errorCode: null,
  message: null,
  appliedVersion: version,
  at: '2026-11-27T08:00:01Z',
  ...more,
});

/** Opens an office for each test of the `describe` that calls it, all over one database; `use` is told of each. */
export const officeOfEachTest = (use: (office: Office, db: Database) => void): void => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  before(async () => (database = await openDatabase()));
  after(() => database.close());
  beforeEach(async () => {
    const { db } = database;
    const office = new Office(db);
    await office.open();
    use(office, db);
  });
};
