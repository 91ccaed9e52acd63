import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chapter, Proven, ToldFlow } from '../../../story/flow.ts';
import { assignPermissionSet } from '../../../story/org/set-up.ts';
import type { Progress } from '../../../story/progress.ts';
import type { LocalSystem } from '../../../story/system.ts';
import { FEEDS } from '../name.ts';
import { rowsOf } from './companies/embedded.ts';
import type { TableRow } from './companies/rows.ts';
import { definitions, inserts, SAMPLE_COMPANIES } from './companies/sql.ts';
import { embeddedDatabases, readViews, type CompanyDatabases } from './databases.ts';
import { decideOn, heldRuns, knownOf, madeBy, namedIn, recordsOf } from './org.ts';
import { FeedProgram, waitingIn, type Ended, type ToldFeed } from './program.ts';
import { compare, together, type HeldRecord, type MappedFeed, type Proof } from './proof.ts';
import { renderFeeds, type FeedFigures } from './report.ts';
import { FeedsInSystem, PERMISSION_SETS, SAMPLE_PERMISSION_SET } from './system.ts';

const SEED = 311;
/** Accounts of a company; stores and agreements are half as many again. */
const ACCOUNTS = 60;
const DAY = 24 * 3_600_000;
/** Longer than a run is believed alive after it said so last: src/feeds/run.ts. */
const UNTIL_TAKEN_OVER = 16 * 60_000;
const LOOK_MS = 15;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Sample {
  companies: Record<string, unknown>;
  feeds: Record<string, MappedFeed>;
}

/** Each run reads a half of what Salesforce holds, whether anybody touched it or not. */
const AUDIT = { everyDays: 2, maxCalls: 5 };

const sample = (): Sample => {
  const { companies, feeds } = JSON.parse(readFileSync(`${SAMPLE_COMPANIES}feeds.json`, 'utf8')) as Sample;
  const audited = Object.entries(feeds).map(([name, feed]): [string, MappedFeed] => [
    name,
    { ...feed, policy: { ...feed.policy, audit: AUDIT } },
  ]);
  return { companies, feeds: Object.fromEntries(audited) };
};

/** The view of accounts as it is documented, or as somebody broke it: the cities' table lost its rows, and a join lost the accounts. */
const accountsView = (isBroken: boolean): string => {
  const select = /CREATE VIEW terceros_view AS(\s+SELECT[^;]+);/.exec(definitions('postgresql'))![1]!;
  return `CREATE OR REPLACE VIEW terceros_view AS${select}${isBroken ? " WHERE ciudad = 'Medellín'" : ''};`;
};

const counted = ({ feeds }: Ended): string =>
  feeds
    .map(({ feed, status, counts }) => {
      const { created = 0, updated = 0, unchanged = 0, failed = 0, waiting = 0 } = counts;
      return status === 'held'
        ? `${feed} held`
        : `${feed} ${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} refused, ${waiting} waiting`;
    })
    .join('; ');

/** Two days of three companies: a view breaks, an account comes late, somebody edits one in Salesforce, a process is killed. */
class FeedChapter implements Chapter {
  readonly flow = new FeedsInSystem();
  readonly #faults: boolean;
  readonly #databasesIn: (folder: string) => CompanyDatabases;
  readonly #sample = sample();
  #databases!: CompanyDatabases;
  #program!: FeedProgram;
  /** The account of ITALCOL that comes on the second day. */
  #late!: TableRow;
  #runs = 0;
  #apiCalls = 0;
  /** Records that audits read, and the calls that these made. */
  readonly #audited = { records: 0, calls: 0 };
  #held = 0;
  #killed = 0;
  /** What each feed of each company told last. */
  readonly #last = new Map<string, ToldFeed>();
  #edited!: { id: string; phone: string };

  constructor(faults: boolean, databasesIn: (folder: string) => CompanyDatabases) {
    this.#faults = faults;
    this.#databasesIn = databasesIn;
  }

  get #companies(): string[] {
    return Object.keys(this.#sample.companies);
  }

  get #accounts(): MappedFeed {
    return this.#sample.feeds['accounts']!;
  }

  async seed(system: LocalSystem, progress: Progress): Promise<void> {
    const folder = system.directoryOf(FEEDS);
    await mkdir(folder, { recursive: true });
    this.#databases = this.#databasesIn(join(folder, 'companies'));
    for (const company of this.#companies) {
      const rows = rowsOf(company, ACCOUNTS, SEED);
      if (company !== 'ITALCOL') await this.#databases.make(company, rows);
      else {
        this.#late = rows.terceros[ACCOUNTS - 1]!;
        await this.#databases.make(company, { ...rows, terceros: rows.terceros.filter((row) => row !== this.#late) });
      }
    }
    const { clientId, clientSecret } = this.flow.login;
    this.#program = new FeedProgram(folder, this.#sample.feeds, {
      companies: this.#companies,
      databases: this.#databases,
      salesforce: { url: system.org.instanceUrl, clientId, clientSecret },
    });
    await assignPermissionSet(system.admin, system.org.info.userId, SAMPLE_PERMISSION_SET);
    progress.say(`${this.#companies.join(', ')} have databases of their own, with ${ACCOUNTS} accounts each`);
  }

  async untilUnderWay(): Promise<void> {}

  async breakThings(): Promise<void> {}

  async conclude(system: LocalSystem, progress: Progress): Promise<void> {
    await this.#firstDay(system, progress);
    await system.advance(DAY);
    await this.#secondDay(system, progress);
    await this.#decide(system, progress);
  }

  async prove({ admin }: LocalSystem): Promise<Proven> {
    const proof = together((await Promise.all(this.#companies.map((company) => this.#proofOf(admin, company)))).flat());
    for (const feed of Object.values(this.#sample.feeds)) {
      const made = await madeBy(admin, feed.object, this.flow.login.username);
      const known = await knownOf(admin, feed, this.#companies);
      if (made !== known)
        proof.differences.push(`feeds made ${made} records of ${feed.object}, and ${known} have an external id`);
    }
    const figures: FeedFigures = {
      ...proof,
      companies: this.#companies.length,
      runs: this.#runs,
      held: this.#held,
      audited: this.#audited.records,
      auditCalls: this.#audited.calls,
      vouchedSince: this.#vouchedSince(),
    };
    const faults: Record<string, number> = this.#faults ? { 'feeds killed': this.#killed, 'view broken': 1 } : {};
    return {
      agreed: proof.differences.length === 0,
      figures,
      faults,
      apiCalls: this.#apiCalls,
      lines: renderFeeds(figures),
    };
  }

  places(): [label: string, value: string][] {
    const [company] = this.#companies;
    return [
      [
        'feeds',
        `FEEDS_DATA_DIR=${this.#program.tablesOf(company!)} npm run feed -- --config ${this.#program.config} --company ${company}`,
      ],
    ];
  }

  async #firstDay(system: LocalSystem, progress: Progress): Promise<void> {
    const [, killed] = this.#companies;
    const ended = await Promise.all(
      this.#companies.map((company) => this.#run(system, company, this.#faults && company === killed)),
    );
    for (const [at, one] of ended.entries())
      if (one.code !== null) progress.say(`first day, ${this.#companies[at]}: ${counted(one)}`);
    if (!this.#faults) return;
    if (ended[1]!.code !== null) throw new Error(`the feeds of ${killed} ended before they could be killed`);
    this.#killed += 1;
    progress.say(`first day, ${killed}: its process was killed while it wrote stores`);
    await system.advance(UNTIL_TAKEN_OVER);
    const again = await this.#run(system, killed!);
    progress.say(`first day, ${killed}, started again: ${counted(again)}`);
  }

  /** A parent comes, all credit limits rise, a view breaks, and somebody in Salesforce edits an account. */
  async #secondDay(system: LocalSystem, progress: Progress): Promise<void> {
    const [first, second, third] = this.#companies as [string, string, string];
    const late = inserts({ terceros: [this.#late], sucursales: [], acuerdos: [] }, 'postgresql');
    await this.#databases.change(first, `${late.join('')} UPDATE terceros SET cupo_credito = cupo_credito + 1000000;`);
    if (this.#faults) await this.#databases.change(third, accountsView(true));
    await this.#editAnAccount(system, second);
    progress.say(
      `the next day: ${first} has the account ${this.#late['codigo']} that its stores waited for, and new credit limits; ${
        this.#faults ? `the view of ${third} is broken; ` : ''
      }somebody in Salesforce edited phone and credit limit of ${this.#edited.id}`,
    );
    const ended = await Promise.all(this.#companies.map((company) => this.#run(system, company)));
    for (const [at, one] of ended.entries()) progress.say(`second day, ${this.#companies[at]}: ${counted(one)}`);
  }

  async #decide(system: LocalSystem, progress: Progress): Promise<void> {
    const [, , broken] = this.#companies;
    const held = await heldRuns(system.admin);
    this.#held += held.length;
    for (const run of held) {
      const decision = run.Company__c === broken ? 'Reject' : 'Release';
      await decideOn(system.admin, run, decision);
      progress.say(`${run.Company__c}, ${run.Feed__c}: ${run.Reasons__c}. A person says: ${decision}`);
    }
    if (this.#faults) await this.#databases.change(broken!, accountsView(false));
    for (const company of new Set(held.map((run) => run.Company__c)))
      progress.say(`${company} once more: ${counted(await this.#run(system, company))}`);
  }

  /** The phone is people's, the credit limit the view's. */
  async #editAnAccount({ admin }: LocalSystem, company: string): Promise<void> {
    const record = await this.#anAccount(admin, company);
    const [credit, phone] = [this.#fieldOf('cupo_credito'), this.#fieldOf('telefono')];
    this.#edited = { id: String(record[this.#accounts.externalId]), phone: '601 7654321' };
    await admin
      .sobject(this.#accounts.object)
      .update({ Id: String(record['Id']), [credit]: 1, [phone]: this.#edited.phone });
  }

  async #anAccount(admin: LocalSystem['admin'], company: string): Promise<HeldRecord> {
    const credit = this.#fieldOf('cupo_credito');
    const records = await recordsOf(admin, company, { feed: this.#accounts, feeds: this.#sample.feeds });
    return records.find((record) => typeof record[credit] === 'number' && record[credit] > 1)!;
  }

  /** Since when each record of each feed was compared at least once. */
  #vouchedSince(): string | null {
    const since = [...this.#last.values()].map((told) => told.vouchedSince);
    return since.includes(null) ? null : (since.sort()[0] ?? null);
  }

  #fieldOf(column: string): string {
    return Object.entries(this.#accounts.fields).find(([, rule]) => rule.column === column)![0];
  }

  /** `isKilled`: while it writes stores. */
  async #run(system: LocalSystem, company: string, isKilled = false): Promise<Ended> {
    this.#runs += 1;
    const killWhen = async (): Promise<void> => {
      const stores = { feed: this.#sample.feeds['stores']!, feeds: this.#sample.feeds };
      while ((await recordsOf(system.admin, company, stores)).length === 0) await wait(LOOK_MS);
    };
    const ended = await this.#program.run(company, { offsetMs: system.offset(), ...(isKilled ? { killWhen } : {}) });
    for (const told of ended.feeds) {
      this.#last.set(`${company} ${told.feed}`, told);
      this.#audited.records += told.audited?.records ?? 0;
      this.#audited.calls += told.audited?.calls ?? 0;
    }
    this.#apiCalls += ended.feeds.reduce((sum, { apiCalls }) => sum + apiCalls, 0);
    return ended;
  }

  async #proofOf(admin: LocalSystem['admin'], company: string): Promise<Proof[]> {
    const text = this.#databases.textOf(company);
    const password = text.secret ? this.#databases.environment[text.secret.environment]! : null;
    const feeds = Object.entries(this.#sample.feeds);
    const views = await readViews(
      text,
      password,
      feeds.map(([name, { view }]) => text.views?.[name]?.name ?? view.name),
    );
    const proofs: Proof[] = [];
    for (const [at, [name, feed]] of feeds.entries()) {
      const records = await recordsOf(admin, company, { feed, feeds: this.#sample.feeds });
      const named = new Set([
        ...(await namedIn(admin, company, name)),
        ...waitingIn(this.#last.get(`${company} ${name}`)!),
      ]);
      const proof = compare({ company, feed, rows: views[at]!, records, named });
      const edited = records.find((record) => record[feed.externalId] === this.#edited.id);
      if (name === 'accounts' && edited && edited[this.#fieldOf('telefono')] !== this.#edited.phone)
        proof.differences.push(`${this.#edited.id}: a phone that people own was overwritten`);
      proofs.push(proof);
    }
    return proofs;
  }
}

/** `databasesIn`: where the companies' databases are, by the folder that the story has for them. */
export const feedsTold = (databasesIn: (folder: string) => CompanyDatabases): ToldFlow => ({
  about: 'views of three companies, and the accounts, stores and agreements of them',
  permissionSets: PERMISSION_SETS,
  prepare: ({ faults }) => Promise.resolve(new FeedChapter(faults, databasesIn)),
});

export const toldFeeds = feedsTold(embeddedDatabases);
