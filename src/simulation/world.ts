import type { LocalOrg } from 'local-org';
import { ManualClock } from 'kernel/clock.ts';
import { TransportError, type Handler, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { SimulationDatabase } from './database.ts';
import { INTEGRATION_APP } from './integration-user.ts';
import { sessionOf } from './org-users.ts';
import { Interleaving } from './interleaving.ts';
import { bugIn, undoableIn } from './mistakes.ts';
import { Network } from './network.ts';
import { SimulatedProcess, type ProcessPlan } from './process.ts';
import { START, type Stage } from './stage.ts';
import { StepBound } from './step-bound.ts';
import { streamOf } from './streams.ts';
import { Trace } from './trace.ts';
import { uploadTo } from './upload.ts';

/** More than a seed makes of any object. */
const IDS_SINCE_BACKUP = 100_000;

const API = '/services/data/v67.0';

/** The org and the processes that speak with it, on one clock and one seeded network. */
export class World {
  readonly clock = new ManualClock(START);
  readonly trace = new Trace();
  /** Answers of the org that must not be. */
  readonly broken: string[] = [];
  readonly random: Random;
  readonly network: Network;
  readonly db: SimulationDatabase;
  org: LocalOrg;
  /** Of the middle layer: as a user of its own, or as the administrator where a flow names none. */
  session: string;
  #served: Handler;
  readonly #hasIntegrationUser: boolean;
  /** Whether the org has automation of its own around the flows. */
  readonly hosted: boolean;
  /** Whether limits that the flows name are smaller in it. */
  readonly isSmall: boolean;
  /** The processes work at once, step by step in a drawn order; null: one after the other. */
  interleaving: Interleaving | null = null;
  /** Answers the callouts of the org's Apex, which cannot wait: nobody does, unless whoever plays sets it. */
  callout: (request: HttpRequest) => HttpResponse = () => {
    throw new TransportError('nobody answers callouts');
  };
  /** Pieces of asynchronous Apex that the org does in a round: few, as if its queue were long. Where somebody watches its jobs, all that are due. */
  jobsARound = Number.POSITIVE_INFINITY;
  #areJobsWatched = false;
  /** Dead processes are not started again as long as this is off: an outage of hours. */
  revives = true;
  readonly #processes = new Map<string, SimulatedProcess>();
  readonly #seed: number;
  /** Whether a process that never rests ends it, and the org's jobs are watched. */
  readonly isJudged: boolean;
  readonly #orgRandom: Random;

  /**
   * A world in which nothing runs yet but the org. The database of the stage must be empty.
   */
  constructor(seed: number, stage: Stage, isJudged = true) {
    this.#seed = seed;
    this.isJudged = isJudged;
    this.db = stage.db;
    this.random = streamOf(seed, 'world');
    this.network = new Network(seed, this.clock, this.trace);
    this.#orgRandom = streamOf(seed, 'org');
    this.#hasIntegrationUser = stage.orgs.hasIntegrationUser;
    const { org, hosted, isSmall } = stage.orgs.of(seed);
    this.hosted = hosted;
    this.isSmall = isSmall;
    this.org = this.#copyOf(org);
    this.session = this.org.info.accessToken;
    this.#served = (request) => this.#serve(request);
    this.network.attach('org', this.#served);
  }

  #runJobs: (run: () => void) => Promise<void> = async (run) => run();

  #watchSave: <T>(what: string, save: () => T) => T = (_, save) => save();

  /** From now on somebody watches what the org makes of the saves of people: `what` is their path, or their Apex. */
  watchSaves(watch: <T>(what: string, save: () => T) => T): void {
    this.#watchSave = watch;
  }

  /** From now on somebody watches what the org's own jobs do when they are due. */
  watchJobs(watch: (run: () => void) => Promise<void>): void {
    this.#runJobs = watch;
    this.#areJobsWatched = true;
  }

  /** Whoever asks hears that Apex failed at itself, and would hear it for ever. */
  #notBugs(what: string, answer: string): void {
    const bug = bugIn(answer);
    if (bug) this.broken.push(`Apex fails at ${what}: ${bug}`);
  }

  /** From now on somebody watches what the org makes of each request that comes over the network. */
  watchOrg(watch: (org: Handler) => Handler): void {
    this.#served = watch(this.#served);
    this.network.attach('org', this.#served);
  }

  /** Who is told that a session has ended opens another one. */
  async #serve(request: HttpRequest): Promise<HttpResponse> {
    const response = await this.org.handle(request);
    if (response.status === 401) await this.#logIn();
    const undoable = undoableIn(response.body);
    if (undoable)
      this.broken.push(`the org cannot do what it was asked: ${request.method} ${request.url}: ${undoable}`);
    this.#notBugs(`${request.method} ${request.url}`, response.body);
    return response;
  }

  async #logIn(): Promise<void> {
    if (this.#hasIntegrationUser) this.session = await sessionOf(this.org, INTEGRATION_APP);
  }

  #copyOf(org: LocalOrg): LocalOrg {
    return org.copy({ clock: this.clock, random: this.#orgRandom, callout: (request) => this.callout(request) });
  }

  /** Starts processes; from here on a round lets each do its work, in the order in which they were started. */
  async start(plans: readonly ProcessPlan[]): Promise<void> {
    await this.#logIn();
    for (const plan of plans) {
      if (this.#processes.has(plan.name)) throw new Error(`two processes of this world are called ${plan.name}`);
      const bound = new StepBound(this.clock, this.isJudged ? undefined : Number.POSITIVE_INFINITY);
      const process = new SimulatedProcess(plan, this, streamOf(this.#seed, `process ${plan.name}`), bound);
      this.#processes.set(plan.name, process);
      await process.start();
    }
  }

  /** From now on the processes work at once; those that start later know of it. */
  interleave(): void {
    this.interleaving = new Interleaving(streamOf(this.#seed, 'whose turn it is'));
  }

  get processes(): SimulatedProcess[] {
    return [...this.#processes.values()];
  }

  process(name: string): SimulatedProcess {
    const process = this.#processes.get(name);
    if (!process) throw new Error(`no process of this world is called ${name}`);
    return process;
  }

  /** Starts again what has died. */
  async revive(): Promise<void> {
    if (!this.revives) return;
    for (const process of this.#processes.values()) if (process.life.dead) await process.start();
  }

  /** Nothing breaks any more, not even what was drawn and has not come yet. */
  calm(): void {
    this.network.calm();
    this.org.clearFaults();
    for (const { life, connection } of this.#processes.values()) {
      life.spare();
      connection.mend();
    }
  }

  /** The org comes back with its records and none of what it had in memory: sessions, subscriptions. */
  async restartOrg(): Promise<void> {
    this.network.count('restart.org');
    await this.#replaceOrg(this.#copyOf(this.org));
  }

  /** The org's records as they are now, for `restoreOrg`. */
  backUpOrg(): LocalOrg {
    return this.#copyOf(this.org);
  }

  /** The org's records are those of the backup again. Ids that were given since are not given again. */
  async restoreOrg(backup: LocalOrg): Promise<void> {
    backup.skipIds(IDS_SINCE_BACKUP);
    await this.#replaceOrg(backup);
  }

  async #replaceOrg(org: LocalOrg): Promise<void> {
    const before = this.org;
    this.org = org;
    this.network.reset('org');
    before.close();
    await this.#logIn();
  }

  /** One round of everybody's work. A crash ends the work of a process; it is started again after it. */
  async round(): Promise<void> {
    await this.#runJobs(() => this.#runDueJobs());
    const revive = (): Promise<void> => this.revive();
    if (this.interleaving) await this.interleaving.all(this.processes.map((process) => () => process.workOn(revive)));
    else for (const process of this.processes) await process.work(revive);
    await this.network.deliverLate();
    await this.revive();
  }

  #runDueJobs(): void {
    if (this.#areJobsWatched || this.jobsARound === Number.POSITIVE_INFINITY) this.org.runDue();
    else for (let done = 0; done < this.jobsARound && this.org.runNext(); done++);
  }

  /** A request to the org as its administrator, outside the faulty network: its answer as it came. */
  async request(method: string, path: string, body?: unknown): Promise<HttpResponse> {
    const handle = (): Promise<HttpResponse> =>
      this.org.handle({
        method,
        url: path.startsWith('/services') ? path : `${API}${path}`,
        headers: { authorization: `Bearer ${this.org.info.accessToken}`, 'content-type': 'application/json' },
        body: body === undefined ? '' : JSON.stringify(body),
      });
    const response = await (method === 'GET' ? handle() : this.#watchSave(path, handle));
    if (method !== 'GET')
      this.trace.note(this.clock.now(), method, path, JSON.stringify(body) ?? '', response.status, response.body);
    this.#notBugs(`${method} ${path}`, response.body);
    if (response.status >= 400) throw new Error(`${method} ${path} answered ${response.status}: ${response.body}`);
    return response;
  }

  /** The same, read as JSON. */
  async salesforce<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body);
    return (response.body ? JSON.parse(response.body) : null) as T;
  }

  /** A multipart request to the org as its administrator. */
  async upload<T>(path: string, boundary: string, parts: readonly Uint8Array[]): Promise<T> {
    const uploaded = await uploadTo(this.org, `${API}${path}`, boundary, parts);
    this.trace.note(this.clock.now(), path, uploaded.status);
    return JSON.parse(uploaded.body) as T;
  }

  /** What a person asks of the org: undefined when it refuses, as it may while a row is locked. */
  async person<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    return this.salesforce<T>(method, path, body).catch(() => undefined);
  }

  /** Anonymous Apex, as a person or a script runs it; false when it fails. */
  apex(text: string): boolean {
    const { success, compileProblem, exceptionMessage } = this.#watchSave(text, () => this.org.executeAnonymous(text));
    this.trace.note(this.clock.now(), text, String(success), compileProblem ?? exceptionMessage ?? '');
    this.#notBugs(text, exceptionMessage ?? '');
    if (compileProblem !== null) throw new Error(`${text}: ${compileProblem}`);
    return success;
  }

  async query<T>(soql: string): Promise<T[]> {
    return (await this.salesforce<{ records: T[] }>('GET', `/query?q=${encodeURIComponent(soql)}`)).records;
  }

  close(): void {
    for (const process of this.#processes.values()) process.end();
    this.org.close();
  }
}
