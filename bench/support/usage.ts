/** The usage flow from the desk of the service team into the org: every part in this process, on a clock that is set. */
import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { TransportError, type Handler, type HttpResponse, type Transport } from 'kernel/http.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { usage } from '../../src/flows/usage/carried/flow.ts';
import { USAGE } from '../../src/flows/usage/carried/name.ts';
import { deployPoisonRule, POISON } from '../../src/flows/usage/simulated/poison.ts';
import { createMiddleLayer, type MiddleLayer } from '../../src/middle-layer/index.ts';
import { bookAd } from '../../src/service-app/booking.ts';
import { SalesforceAway } from '../../src/service-app/contracts.ts';
import { createServiceApp, type ServiceApp } from '../../src/service-app/index.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { ExternalRequest } from '../../src/reconciliation/types.ts';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { clientOver, sendTo } from '../../src/simulation/salesforce-of.ts';
import { uploadTo } from '../../src/simulation/upload.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const API = `/services/data/v${API_VERSION}`;
const SEED = 911;
const TURN_MS = 2_000;
/** Without an end in so many turns, something is stuck. */
const MAX_TURNS = 5_000;
/** Longer than anybody waits for a row: 10 seconds. */
const HELD_MS = 11_000;

/** One contract has one line, with room for all. */
const contractsApex = (count: number): string => `
  Account customer = new Account(Name = 'Magic Ads Inc');
  insert customer;
  Product2 product = new Product2(Name = 'Small ad', ProductCode = 'SMALL', IsActive = true);
  insert product;
  List<Contract> sold = new List<Contract>();
  for (Integer i = 0; i < ${count}; i++) {
    sold.add(new Contract(AccountId = customer.Id, Usage_Currency__c = 'EUR', Overbooking__c = 'Block'));
  }
  insert sold;
  List<Contract_Line__c> lines = new List<Contract_Line__c>();
  for (Contract each : sold) {
    lines.add(new Contract_Line__c(Contract__c = each.Id, Product__c = product.Id, Units__c = 1000000, Unit_Price__c = 40));
  }
  insert lines;`;

const ACTIVATION = [
  'ConcordSetup.activateSync();',
  `insert new PermissionSetAssignment(
     AssigneeId = UserInfo.getUserId(),
     PermissionSetId = [SELECT Id FROM PermissionSet WHERE Name = 'Concord_Usage_Integration'].Id
   );`,
];

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};

/** How far the org is. */
export interface Arrived {
  /** Entries that count. */
  entries: number;
  apiCalls: number;
  /** Processor time of all parts, without booking: other work on the machine does not count. */
  ms: number;
}

/** Both sides as reconciliation asks them. */
export interface ComparedSides {
  client: SalesforceClient;
  external: ExternalRequest;
  /** Bytes of the bodies that `client` has been answered. */
  received: () => number;
}

/** Reports and carries turn by turn until so many entries count; what one turn of each takes is measured beside the other's. */
export const runBeside = async (runs: readonly { bench: UsageBench; until: number }[]): Promise<Arrived[]> => {
  const arrived: (Arrived | null)[] = runs.map(() => null);
  while (arrived.includes(null))
    for (const [at, { bench, until }] of runs.entries()) if (!arrived[at]) arrived[at] = await bench.turn(until);
  return arrived as Arrived[];
};

export class UsageBench {
  readonly org: LocalOrg;
  readonly #clock = new ManualClock(Date.UTC(2026, 0, 5, 9));
  readonly #random = seededRandom(SEED);
  readonly #databases: Database[] = [];
  readonly #hosts = new Map<string, Handler>();
  #app!: ServiceApp;
  #layer!: MiddleLayer;
  #apiCalls = 0;
  #turns = 0;
  #done: Arrived = { entries: 0, apiCalls: 0, ms: 0 };
  #numbers: string[] = [];

  private constructor() {
    this.org = createOrg({
      projectDir: ROOT,
      clock: this.#clock,
      random: seededRandom(SEED),
      dailyApiRequests: 1_000_000,
    });
  }

  static async open(contracts: number): Promise<UsageBench> {
    const bench = new UsageBench();
    for (const apex of [...ACTIVATION, contractsApex(contracts)]) bench.#apex(apex);
    await bench.#start();
    const rows = await bench.query<{ ContractNumber: string }>('SELECT ContractNumber FROM Contract ORDER BY Id');
    bench.#numbers = rows.map(({ ContractNumber }) => ContractNumber);
    return bench;
  }

  #apex(text: string): void {
    const { success, compileProblem, exceptionMessage } = this.org.executeAnonymous(text);
    if (!success) throw new Error(compileProblem ?? exceptionMessage ?? text);
  }

  readonly #transport: Transport = async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const handler = this.#hosts.get(host);
    if (!handler) throw new TransportError(`${host} does not answer`);
    if (host === 'org') this.#apiCalls += 1;
    return handler({ ...request, url: pathname + search });
  };

  async #database(): Promise<Database> {
    const db = await openPglite();
    this.#databases.push(db);
    return db;
  }

  async #start(): Promise<void> {
    const surroundings = { clock: this.#clock, random: this.#random, transport: this.#transport };
    this.#layer = await createMiddleLayer({
      ...surroundings,
      db: await this.#database(),
      salesforce: {
        instanceUrl: 'http://org',
        auth: { kind: 'accessToken', accessToken: this.org.info.accessToken },
      },
      flows: [usage],
      external: { [USAGE]: { url: 'http://service', token: 'service' } },
      settings: { callers: { external: { [USAGE]: 'application' }, operator: 'operator', intake: null } },
    });
    this.#app = await createServiceApp({
      ...surroundings,
      db: await this.#database(),
      contracts: {
        search: () => Promise.reject(new SalesforceAway('nobody looks')),
        read: () => Promise.reject(new SalesforceAway('nobody looks')),
        readSeal: () => Promise.reject(new SalesforceAway('nobody looks')),
        readAds: () => Promise.reject(new SalesforceAway('nobody looks')),
      },
      middleLayer: { url: 'http://middle', token: 'application' },
      token: 'service',
    });
    this.#hosts.set('org', (request) => this.org.handle(request));
    this.#hosts.set('middle', (request) => this.#layer.handle(request));
    this.#hosts.set('service', (request) => this.#app.handle(request));
  }

  async query<T>(soql: string): Promise<T[]> {
    const { body } = await sendTo(this.org)('GET', `${API}/query?q=${encodeURIComponent(soql)}`);
    return (JSON.parse(body) as { records: T[] }).records;
  }

  /** An administrator's rule refuses ads that `book` makes failing. */
  refuseFailing(): Promise<void> {
    const over = async <T>(answer: Promise<HttpResponse>): Promise<T> => JSON.parse((await answer).body) as T;
    return deployPoisonRule(
      {
        upload: (path, boundary, parts) => over(uploadTo(this.org, `${API}${path}`, boundary, parts)),
        salesforce: (method, path) => over(sendTo(this.org)(method, `${API}${path}`)),
      },
      true,
    );
  }

  /** Books ads of each contract in turn, one unit each; of so many each `failing`-th cannot be entered. */
  async book(count: number, failing = Infinity): Promise<void> {
    for (let at = 0; at < count; at++)
      await bookAd(
        this.#app.context,
        randomUuid(this.#random),
        {
          title: (at + 1) % failing === 0 ? `${POISON} ${at}` : `ad ${at}`,
          contractNumber: this.#numbers[at % this.#numbers.length]!,
          currency: 'EUR',
          uses: [{ productNumber: 'SMALL', units: '1' }],
        },
        'bench',
      );
  }

  /** One turn: reports all that is due, and carries a batch; null while fewer entries count. `hold` as `run` says. */
  async turn(until: number, hold = Infinity): Promise<Arrived | null> {
    if ((this.#turns += 1) > MAX_TURNS)
      throw new Error(`${await this.#entries()} of ${until} entries arrived, and no more`);
    if (this.#turns % hold === 0) await this.#hold(this.#turns / hold);
    const [calls, began] = [this.#apiCalls, process.cpuUsage()];
    while ((await this.#app.report()) > 0);
    await this.#layer.step();
    const entries = await this.#entries();
    this.#done = { entries, apiCalls: this.#done.apiCalls + this.#apiCalls - calls, ms: this.#done.ms + cpuMs(began) };
    if (entries >= until) return this.#done;
    await this.#clock.advance(TURN_MS);
    return null;
  }

  /** Turns until so many entries count. `hold`: in each so-manieth turn somebody else holds a contract for longer than a call waits. */
  async run(until: number, { hold = Infinity } = {}): Promise<Arrived> {
    for (;;) {
      const arrived = await this.turn(until, hold);
      if (arrived) return arrived;
    }
  }

  async #hold(which: number): Promise<void> {
    const contracts = await this.query<{ Id: string }>('SELECT Id FROM Contract ORDER BY Id');
    this.org.holdRows([contracts[which % contracts.length]!.Id], HELD_MS);
  }

  /** Turns until the application has heard of all that arrived. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const [open] = await this.#databases[1]!.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM report',
      );
      if (open!.count === 0) return;
      await this.#layer.step();
      await this.#clock.advance(TURN_MS);
    }
    throw new Error('the application does not hear of all its ads');
  }

  compared(): ComparedSides {
    let received = 0;
    const send = sendTo(this.org);
    const client = clientOver(async (method, url, body) => {
      const response = await send(method, url, body);
      received += Buffer.byteLength(response.body);
      return response;
    });
    const external: ExternalRequest = async (method, url, body) => {
      const headers = { authorization: 'Bearer service' };
      const response = await this.#app.handle({ method, url, headers, body: body ? JSON.stringify(body) : '' });
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${response.body}`);
      return JSON.parse(response.body) as never;
    };
    return { client, external, received: () => received };
  }

  /** The application forgets so many of its bookings. */
  loseBookings(count: number): Promise<unknown> {
    return this.#databases[1]!.query(
      'DELETE FROM booking WHERE key IN (SELECT key FROM booking ORDER BY key LIMIT $1)',
      [count],
    );
  }

  /** As the lines count them: the sums are Salesforce's. */
  async #entries(): Promise<number> {
    const rows = await this.query<{ sum: number | null }>('SELECT SUM(Usage_Count__c) sum FROM Contract_Line__c');
    return rows[0]!.sum ?? 0;
  }

  /** Answers of Salesforce that put an ad off because somebody held a row. */
  async locksMet(): Promise<number> {
    const [row] = await this.#databases[0]!.query<{ count: number }>(
      "SELECT count(*)::integer AS count FROM audit WHERE code = 'UNABLE_TO_LOCK_ROW'",
    );
    return row!.count;
  }

  async close(): Promise<void> {
    this.org.close();
    for (const db of this.#databases) await db.close();
  }
}
