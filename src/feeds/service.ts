/**
 * Feeds that run by themselves: each company's by their schedules, parents first, one after the other. What was missed is
 * made up for once, however long the program was away. Several processes may share the work: none repeats another's run.
 */
import type { Clock } from 'kernel/clock.ts';
import { json, type Handler, type HttpResponse } from 'kernel/http.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { runLoop, Waker } from '../shared/loop.ts';
import { router, type Routes } from '../shared/router.ts';
import type { Database } from '../shared/sql/types.ts';
import type { FeedConfig } from './config.ts';
import { brokeOff, newestRun, runsSince, type FeedName, type RunRow } from './db/runs.ts';
import { runFeed, type FeedParts, type RunOutcome } from './run.ts';
import { Schedule } from './schedule.ts';
import { SourceError } from './source/types.ts';
import { NO_COUNTS, type Feed } from './types.ts';
import { Interrupted } from './writing.ts';

const MINUTE = 60_000;
/** After what broke off; each further time of one day waits for as long again. */
const AGAIN_AFTER_MS = 10 * MINUTE;
/** So often is a feed tried for one moment of its schedule; then people have to look. */
const MAX_TRIES = 6;
/** How often Salesforce is asked whether somebody has decided on a held run. */
const ASK_HELD_MS = 15 * MINUTE;
/** A run that started so long after its moment is late. */
const LATE_AFTER_MS = 30 * MINUTE;
/** The longest sleep: schedules are looked at again, whatever happens to the clock. */
const MAX_IDLE_MS = 60 * MINUTE;
const AFTER_ERROR_MS = 30_000;

export interface ServiceParts {
  config: FeedConfig;
  db: Database;
  clock: Clock;
  /** Whose feeds. */
  companies: readonly string[];
  /** Opens what a company's runs work with. `close` closes the source. */
  open: (company: string) => Promise<Omit<FeedParts, 'signal'> & { close: () => Promise<void> }>;
  /** Told of each run, and of what kept one from beginning. */
  onRun: (
    feed: FeedName,
    told: Pick<RunOutcome, 'run' | 'status' | 'counts' | 'reasons' | 'findings'>,
  ) => void | Promise<void>;
  onError: (error: unknown) => void;
}

/** What this process knows of a feed beside the tables. */
interface Tried {
  /** The moment of the schedule that it is tried for. */
  due: number | null;
  /** Tries that left no good run. */
  times: number;
  /** When it may be tried again. */
  nextAt: number;
}

/** How a feed stands. */
export interface FeedStanding {
  company: string;
  feed: string;
  /** ISO 8601; null: it never was, or never is. */
  due: string | null;
  next: string | null;
  /** Of its newest run; null: there is none. */
  run: string | null;
  status: RunRow['status'] | null;
  startedAt: string | null;
  isLate: boolean;
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

interface Entry {
  feed: Feed;
  name: FeedName;
  schedule: Schedule;
}

/** A feed to be run, and the moment of its schedule that it is run for. */
interface Waiting {
  feed: Feed;
  due: number | null;
}

/** The feeds of one company. */
class CompanyFeeds {
  readonly #parts: ServiceParts;
  readonly #feeds: Entry[];
  readonly #tried = new Map<string, Tried>();
  readonly #company: string;

  constructor(parts: ServiceParts, company: string) {
    const { config } = parts;
    this.#parts = parts;
    this.#company = company;
    this.#feeds = config.feeds.map((name) => {
      const feed = config.feed(company, name);
      return {
        feed,
        name: { company, feed: name },
        schedule: new Schedule(feed.schedule, feed.scheduleTimeZone),
      };
    });
  }

  /** When a feed is to be run next; `due`: the moment that it is run for. */
  async #when({ name, schedule }: Entry): Promise<{ at: number; due: number | null }> {
    const { db, clock } = this.#parts;
    const now = clock.now();
    const next = schedule.next(now) ?? Number.POSITIVE_INFINITY;
    const due = schedule.last(now);
    const tried = this.#tried.get(name.feed);
    const newest = await newestRun(db, name);
    if (newest?.status === 'held') return { at: Math.min(next, tried?.nextAt ?? now), due };
    if (due === null) return { at: next, due };
    const { last } = await runsSince(db, name, new Date(due));
    if (last?.status === 'running' && last.lease_until.getTime() > now) return { at: last.lease_until.getTime(), due };
    if (last && last.status !== 'running' && !brokeOff(last)) return { at: next, due };
    if (tried?.due !== due) return { at: now, due };
    return tried.times >= MAX_TRIES ? { at: next, due } : { at: tried.nextAt, due };
  }

  /** Runs what is due. True when something was. */
  async pass(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts;
    const waiting: Waiting[] = [];
    for (const entry of this.#feeds) {
      const { at, due } = await this.#when(entry);
      if (at <= clock.now()) waiting.push({ feed: entry.feed, due });
    }
    if (waiting.length === 0) return false;
    const parts = await this.#opened(waiting);
    if (parts === null) return true;
    try {
      for (const { feed, due } of waiting) {
        if (signal.aborted) break;
        // a bug too is a try: else it would be met again at once
        this.#note(feed.name, due);
        const outcome = await runFeed({ ...parts, signal }, feed, { due: due === null ? null : new Date(due) });
        if (outcome.status === 'busy' || outcome.status === 'held') this.#askLater(feed.name, due);
        await this.#parts.onRun({ company: this.#company, feed: feed.name }, outcome);
      }
    } finally {
      await parts.close();
    }
    return true;
  }

  /** Null: the source cannot be reached, or not without a change of the settings. */
  async #opened(waiting: readonly Waiting[]) {
    try {
      return await this.#parts.open(this.#company);
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof UnusableInput)) throw error;
      for (const { feed, due } of waiting) {
        this.#note(feed.name, due);
        const told = { run: null, status: 'unusable' as const, reasons: [error.message], findings: [] };
        await this.#parts.onRun({ company: this.#company, feed: feed.name }, { ...told, counts: NO_COUNTS });
      }
      return null;
    }
  }

  #note(feed: string, due: number | null): void {
    const before = this.#tried.get(feed);
    const times = (before?.due === due ? before.times : 0) + 1;
    this.#tried.set(feed, { due, times, nextAt: this.#parts.clock.now() + times * AGAIN_AFTER_MS });
  }

  /** Somebody else runs it, or has to decide: no try of ours. */
  #askLater(feed: string, due: number | null): void {
    this.#tried.set(feed, { due, times: 0, nextAt: this.#parts.clock.now() + ASK_HELD_MS });
  }

  /** Milliseconds until something is to be done. */
  async idleMs(): Promise<number> {
    let first = Number.POSITIVE_INFINITY;
    for (const entry of this.#feeds) first = Math.min(first, (await this.#when(entry)).at);
    return Math.min(Math.max(0, first - this.#parts.clock.now()), MAX_IDLE_MS);
  }

  async standing(): Promise<FeedStanding[]> {
    const { db, clock } = this.#parts;
    const now = clock.now();
    const all: FeedStanding[] = [];
    for (const { name, schedule } of this.#feeds) {
      const due = schedule.last(now);
      const newest = await newestRun(db, name);
      const since = due === null ? null : (await runsSince(db, name, new Date(due))).last;
      all.push({
        ...name,
        due: iso(due),
        next: iso(schedule.next(now)),
        run: newest?.key ?? null,
        status: newest?.status ?? null,
        startedAt: newest?.started_at.toISOString() ?? null,
        isLate: due !== null && since === null && newest?.status !== 'held' && now - due > LATE_AFTER_MS,
      });
    }
    return all;
  }
}

const problemOf = ({ company, feed, status, isLate, due, run }: FeedStanding): string[] => {
  if (isLate) return [`${company} ${feed}: no run started since ${due}; look at the log`];
  const broke = status === 'failed' || status === 'interrupted';
  return broke ? [`${company} ${feed}: run ${run} is ${status}; look at the log and at its reasons in Salesforce`] : [];
};

const attentionOf = ({ company, feed, status, run }: FeedStanding): string[] => {
  if (status === 'held')
    return [`${company} ${feed}: run ${run} is held; decide on it in Salesforce, or with --release or --reject`];
  return status === 'rows failed' ? [`${company} ${feed}: rows of run ${run} failed or wait; see its refusals`] : [];
};

/** The feeds of companies, and what is told of them. */
export class FeedService {
  readonly #parts: ServiceParts;
  readonly #companies: CompanyFeeds[];

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#companies = parts.companies.map((company) => new CompanyFeeds(parts, company));
  }

  /** Runs feeds until the signal is aborted; a run that is under way ends at its next step, and is taken up by the next start. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onError } = this.#parts;
    const stop = new AbortController();
    const because = new Interrupted('the program was stopped; its next start takes the run up');
    if (signal.aborted) return;
    signal.addEventListener('abort', () => stop.abort(because), { once: true });
    await Promise.all(
      this.#companies.map((company) =>
        runLoop(
          {
            clock,
            pass: () => company.pass(stop.signal),
            idleMs: () => company.idleMs(),
            waker: new Waker(),
            onError,
            errorPauseMs: AFTER_ERROR_MS,
          },
          stop.signal,
        ),
      ),
    );
  }

  /** Runs once what is due now, one company after the other: for whoever says themselves when to look. */
  async pass(signal: AbortSignal): Promise<void> {
    for (const company of this.#companies) await company.pass(signal);
  }

  /** `GET /health`: the process lives. `GET /ready`: 200, or 503 when a feed is late or its last run broke off; it names no values. */
  get handler(): Handler {
    return router(this.#routes);
  }

  readonly #routes: Routes = {
    'GET /health': () => json(200, { status: 'up' }),
    'GET /ready': () => this.#ready(),
  };

  async #ready(): Promise<HttpResponse> {
    try {
      const feeds = (await Promise.all(this.#companies.map((company) => company.standing()))).flat();
      const problems = feeds.flatMap(problemOf);
      const told = { ready: problems.length === 0, problems, attention: feeds.flatMap(attentionOf), feeds };
      return json(problems.length === 0 ? 200 : 503, told);
    } catch (error) {
      this.#parts.onError(error);
      return json(503, {
        ready: false,
        problems: ["the feeds' own database cannot be asked"],
        attention: [],
        feeds: [],
      });
    }
  }
}
