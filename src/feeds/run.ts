/** A run of one feed of one company: plan, look, read, judge, write, tell. Running it again is always safe. */
import type { Clock } from 'kernel/clock.ts';
import { TransportError } from 'kernel/http.ts';
import { randomUuid, type Random } from 'kernel/random.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import type { Database } from '../shared/sql/types.ts';
import { UnreadableAnswer } from '../shared/expected.ts';
import { SalesforceError } from '../shared/salesforce/errors.ts';
import { LoginRefused } from '../shared/salesforce/login.ts';
import { auditPart, noteWhole, resumeAudit } from './audit.ts';
import { RunBook, type Decision } from './book.ts';
import type { FeedConfig } from './config.ts';
import { auditState } from './db/audit.ts';
import { countFound, countWaiting, unsettledIds, type Found } from './db/rows.ts';
import {
  brokeOff,
  decideRun,
  endRun,
  followsBroken,
  insertRun,
  interruptRun,
  lastFinished,
  lockFeed,
  lockOpenRun,
  renewLease,
  runByKey,
  runsSince,
  type RunRow,
  type RunStatus,
} from './db/runs.ts';
import { holdReasons } from './hold.ts';
import { observeChanges, type Observed } from './observe.ts';
import { inCircles } from './circles.ts';
import { brokenAudit, misreadTexts, planFeed, unproven, withoutProof, type Finding, type Plan } from './plan.ts';
import { digestedFields, proveEqual, type ViewSums } from './proof.ts';
import { readView, type ReadOutcome } from './read.ts';
import type { RecordPlan } from './record.ts';
import { SourceError, type Column, type Source } from './source/types.ts';
import { NO_COUNTS, type Audited, type Counts, type Feed, type Proof } from './types.ts';
import { deactivateVanished } from './vanished.ts';
import { writeRows } from './write.ts';
import { Interrupted, NOTHING_WRITTEN, patiently, type Writing, type Written } from './writing.ts';
import { resumeJobs } from './bulk.ts';

/** How long a run is believed to live after it said so last: a batch, a call and its retries take less. */
const LEASE_MS = 15 * 60_000;

/** A job costs some ten calls, as many as 2,000 records in collections. */
const BULK_FROM = 2_000;

/** So many rows that the run knows to differ leave nothing to be proven. */
const MAX_UNSETTLED = 1_000;

export interface FeedParts {
  config: FeedConfig;
  db: Database;
  source: Source;
  client: SalesforceClient;
  clock: Clock;
  random: Random;
  /** From so many rows on they go through bulk jobs. */
  bulkFrom?: number;
  /** Bytes of rows after which a bulk job is full. */
  bytesAJob?: number;
  /** Ends runs at their next step; its reason is an Interrupted. */
  signal?: AbortSignal;
  /** Records of a page of Salesforce; absent: as many as a call takes. */
  pageSize?: number;
  /** Told now and then, for people who wait. */
  onProgress?: (stage: string, rows: number) => void;
}

/** What became of a run. */
export interface RunOutcome {
  /** Null: no run was begun. */
  run: RunRow | null;
  status: RunStatus | 'unusable' | 'busy';
  findings: Finding[];
  counts: Counts;
  /** Why it is held, or why it failed. */
  reasons: string[];
  keyless: ReadOutcome['keyless'];
  apiCalls: number;
  plan: RecordPlan | null;
  /** Each record in Salesforce was compared at least once since then; null: not all were, or the run did not come so far. */
  vouchedSince: Date | null;
  /** What its audit read, and what that cost; null: the policy has none, or the run read all there is. */
  audited: Audited | null;
  /** What sums of digests say at its end; null: the feed has none, or the run did not come so far. */
  proof: Proof | null;
}

/** Another run of the feed is under way, or waits for a person, or has done what is due. */
class Busy extends Error {
  readonly open: RunRow;

  constructor(open: RunRow) {
    super(
      open.status === 'held'
        ? `run ${open.key} waits for a person: ${open.reasons.join('; ')}. Release it with --release ${open.key}, or reject it with --reject ${open.key}`
        : open.status === 'running'
          ? `run ${open.key} is under way since ${open.started_at.toISOString()}; wait until it has ended`
          : `run ${open.key} has started at ${open.started_at.toISOString()}, in time`,
    );
    this.open = open;
  }
}

/** Something else took the run over: this process was believed dead. */
class TakenOver extends Error {}

const leaseFrom = (clock: Clock): Date => new Date(clock.now() + LEASE_MS);

/** Begins a run, unless one is open, or one since `due` did what it is for. One whose process is gone is told as interrupted; what it had staged is read again. */
const begin = ({ db, clock, random }: FeedParts, { company, name: feed }: Feed, due: Date | null): Promise<RunRow> => {
  const key = randomUuid(random);
  return db.transaction(async (tx) => {
    await lockFeed(tx, { company, feed });
    const now = new Date(clock.now());
    const last = due && (await runsSince(tx, { company, feed }, due)).last;
    if (last && last.status !== 'running' && !brokeOff(last)) throw new Busy(last);
    const open = await lockOpenRun(tx, { company, feed });
    if (open && (open.status === 'held' || open.lease_until > now)) throw new Busy(open);
    if (open) await interruptRun(tx, open, now);
    return insertRun(tx, { company, feed }, { key, now, leaseUntil: leaseFrom(clock) });
  });
};

/** Each row counts once: one that a resumed job wrote is not unchanged, and one that is written again counts as that. */
const countsOf = (found: Found, read: ReadOutcome, resumed: Readonly<Written>): Counts => ({
  ...NO_COUNTS,
  read: read.read,
  created: Math.min(resumed.created, found.resumed),
  updated: Math.max(0, found.resumed - resumed.created),
  unchanged: read.seen - found.changed - found.fresh - found.refused - found.resumed,
  drifted: found.drifted,
  vanished: found.vanished,
  failed: found.refused + read.keylessCount,
});

/** Salesforce did not do it, or nobody knows whether it did. */
const isNoAnswer = (error: unknown): error is Error =>
  error instanceof SalesforceError || error instanceof TransportError || error instanceof UnreadableAnswer;

class Run {
  readonly #parts: FeedParts;
  readonly #feed: Feed;
  readonly #run: RunRow;
  readonly #callsBefore: number;
  readonly #isDry: boolean;
  counts: Counts = NO_COUNTS;
  filled: Record<string, number> = {};
  fence: Date | null = null;
  vouchedSince: Date | null = null;
  audited: Audited | null = null;
  proof: Proof | null = null;
  /** What people should look at, and what ends no run. */
  warnings: Finding[] = [];
  /** Why Salesforce's own record of the run is not as it should be. */
  unnoted: string[] = [];
  #resumed: Readonly<Written> = NOTHING_WRITTEN;
  readonly #book: RunBook;

  constructor(
    parts: FeedParts,
    feed: Feed,
    run: RunRow,
    { callsBefore, isDry }: { callsBefore: number; isDry: boolean },
  ) {
    this.#parts = parts;
    this.#feed = feed;
    this.#run = run;
    this.#callsBefore = callsBefore;
    this.#isDry = isDry;
    this.#book = new RunBook(parts.client);
  }

  get apiCalls(): number {
    return this.#parts.client.calls - this.#callsBefore;
  }

  async begin(): Promise<void> {
    const { db } = this.#parts;
    await this.#noted(async () => {
      await this.#book.begin(db, this.#run, this.#feed.object);
      await this.#book.catchUp(db, this.#run, this.#feed.object);
      if (this.#book.refused) throw this.#book.refused;
    });
  }

  async end(status: RunStatus, why: readonly string[] = []): Promise<void> {
    const { db, clock } = this.#parts;
    const endedAt = status === 'held' ? null : new Date(clock.now());
    const reasons = [...why, ...this.warnings.map(wordsOf)];
    const audit = { vouchedSince: this.vouchedSince, audited: this.audited, proof: this.proof };
    const ended = { endedAt, fence: this.fence, counts: this.counts, reasons, audit };
    // a dry run stands nowhere in Salesforce, also when it breaks off
    const isTold =
      this.#isDry ||
      status === 'dry run' ||
      status === 'rejected' ||
      (await this.#noted(async () => {
        if (status === 'succeeded' || status === 'rows failed') await this.#book.refusals(db, this.#run);
        await this.#book.end(this.#run, { status, ...ended, apiCalls: this.apiCalls });
      }));
    await endRun(db, this.#run, { status, ...ended, filled: this.filled, apiCalls: this.apiCalls, isTold });
  }

  /** What people see in Salesforce of a run never decides what the run does. False: they do not see it; the next run tells them. */
  async #noted(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      this.unnoted.push(`Salesforce's record of the run is not up to date: ${error.message}`);
      return false;
    }
  }

  async alive(stage: string, rows: number): Promise<void> {
    const { db, clock, onProgress, signal } = this.#parts;
    signal?.throwIfAborted();
    if (!(await renewLease(db, this.#run, leaseFrom(clock))))
      throw new TakenOver('another process took this run over; it was believed dead');
    onProgress?.(stage, rows);
  }

  async #observed(plan: RecordPlan, now: number): Promise<Observed> {
    const { client, db, clock, random, signal, pageSize } = this.#parts;
    const includesOwn = await followsBroken(db, this.#run);
    let pages = 0;
    const onPage = (): Promise<void> => this.alive('pages of Salesforce', ++pages);
    const of = { object: this.#feed.object, plan, run: this.#run, now, includesOwn, pageSize, onPage };
    return { client, db, clock, random, signal, ...of };
  }

  /** Looks at what others did, and at another part of all that Salesforce holds. */
  async #look(plan: RecordPlan, before: RunRow | null, now: number): Promise<void> {
    const { db } = this.#parts;
    const observed = await this.#observed(plan, now);
    const { audit } = this.#feed.policy;
    const fence = before?.fence ?? null;
    const resumed = fence === null ? null : await resumeAudit(observed, audit);
    if ((await observeChanges(observed, fence)) === 'all') await noteWhole(observed);
    else if (audit) this.audited = resumed ?? (await auditPart(observed, audit));
    this.warnings.push(...brokenAudit(this.#feed, this.audited));
    this.vouchedSince = (await auditState(db, this.#run)).vouched_since;
  }

  /** Looks at Salesforce, then reads the view. */
  async read(
    plan: RecordPlan,
    columns: readonly Column[],
  ): Promise<{ found: Found; read: ReadOutcome; reasons: string[] }> {
    const { db, clock, source, signal } = this.#parts;
    const before = await lastFinished(db, { company: this.#feed.company, feed: this.#feed.name });
    const now = clock.now();
    await this.#look(plan, before, now);
    this.fence = new Date(now);
    const read = await readView({ db, source, signal, run: this.#run, plan, feed: this.#feed, columns }, (rows) =>
      this.alive('read', rows),
    );
    const found = await countFound(db, this.#run, before);
    this.counts = countsOf(found, read, this.#resumed);
    this.filled = read.filled;
    const last = before && { read: before.counts.read ?? 0, filled: before.filled };
    return { found, read, reasons: holdReasons(this.#feed.policy.hold, found, read, last) };
  }

  /** After the writing: whether the view and Salesforce are equal, by sums of digests. What keeps it from saying so ends no run. */
  async prove(plan: RecordPlan, sums: ViewSums): Promise<void> {
    const { db, clock } = this.#parts;
    const unsettled = await unsettledIds(db, this.#run, MAX_UNSETTLED);
    if (unsettled.length === MAX_UNSETTLED) return;
    try {
      this.proof = await proveEqual(await this.#observed(plan, clock.now()), sums, unsettled);
      this.warnings.push(...unproven(this.#feed, this.proof, digestedFields(plan)));
    } catch (error) {
      if (!isNoAnswer(error) && !(error instanceof Interrupted)) throw error;
      this.warnings.push(...withoutProof(this.#feed, error));
    }
  }

  #writing(plan: RecordPlan): Writing {
    const { client, db, clock, random, signal, bulkFrom = BULK_FROM, bytesAJob } = this.#parts;
    let calls = 0;
    const onWritten = (): Promise<void> => this.alive('calls to write', ++calls);
    return {
      client,
      feed: this.#feed,
      plan,
      db,
      run: this.#run,
      clock,
      random,
      signal,
      bulkFrom,
      bytesAJob,
      onWritten,
    };
  }

  /** Notes what jobs of a run that broke off did. */
  async resume(plan: RecordPlan): Promise<void> {
    this.#resumed = await resumeJobs(this.#writing(plan));
  }

  /** `count`: rows to be written, about. */
  async write(plan: RecordPlan, count: number): Promise<RunStatus> {
    const writing = this.#writing(plan);
    const { created, updated, refused, locked } = await writeRows(writing, count);
    const deactivated = await deactivateVanished(writing);
    const waiting = (await countWaiting(this.#parts.db, this.#run)) + locked;
    this.counts = {
      ...this.counts,
      created: this.counts.created + created,
      updated: this.counts.updated + updated,
      deactivated,
      waiting,
      failed: this.counts.failed + refused,
    };
    return this.counts.failed + waiting > 0 ? 'rows failed' : 'succeeded';
  }
}

/** A warning as the record of a run says it. */
const wordsOf = ({ at, message, remedy }: Finding): string => `${A_WARNING}${at}: ${message}; ${remedy}`;
const A_WARNING = 'warning: ';

const outcome = (run: RunRow | null, status: RunOutcome['status'], more: Partial<RunOutcome> = {}): RunOutcome => ({
  run,
  status,
  findings: [],
  counts: NO_COUNTS,
  reasons: [],
  keyless: [],
  apiCalls: 0,
  plan: null,
  vouchedSince: null,
  audited: null,
  proof: null,
  ...more,
});

/** What breaks off a run, in words; anything else is a bug, and escapes. */
const breaksOff = (error: unknown): { status: RunStatus; reason: string } | null => {
  if (error instanceof Interrupted) return { status: 'interrupted', reason: error.message };
  if (error instanceof SalesforceError)
    return { status: 'failed', reason: `Salesforce does not do what the run needs: ${error.message}` };
  if (error instanceof SourceError)
    return { status: 'failed', reason: `the view could not be read: ${error.message}. Nothing was written` };
  return null;
};

/** Ends a run that something broke off; null: nothing of the kind did. */
const brokenOff = async (begun: Run | null, row: RunRow | null, error: unknown): Promise<RunOutcome | null> => {
  const broken = breaksOff(error);
  if (!broken) return null;
  const { status, reason } = broken;
  await begun?.end(status, [reason]);
  return outcome(row, status, { counts: begun?.counts ?? NO_COUNTS, reasons: [reason] });
};

/** Salesforce refuses the login, or knows no such object: nothing was begun. */
const findingOf = (error: SalesforceError, { object }: Feed): Finding => ({
  at: error instanceof LoginRefused ? 'Salesforce' : object,
  message: error.message,
  remedy:
    error instanceof LoginRefused
      ? 'renew what the login needs, and run again'
      : 'correct the configuration, or give the integration user a permission set with this object',
  isWarning: false,
});

interface Planned {
  columns: Column[];
  plan: Plan;
}

const planned = async (parts: FeedParts, feed: Feed): Promise<Planned> => {
  const columns = await parts.source.columns(feed.view);
  return { columns, plan: await patiently(parts, () => planFeed(feed, columns, parts)) };
};

/**
 * Runs a feed once. `isDry`: reads and judges, and writes nothing to Salesforce. `due`: only if no run since then did what it is for
 * (status `busy`). Rejects only for what is nobody's data: a database that is away, a bug.
 */
export const runFeed = async (
  parts: FeedParts,
  feed: Feed,
  { isDry = false, due = null }: { isDry?: boolean; due?: Date | null } = {},
): Promise<RunOutcome> => {
  const callsBefore = parts.client.calls;
  const calls = (): { apiCalls: number } => ({ apiCalls: parts.client.calls - callsBefore });
  let begun: Run | null = null;
  let row: RunRow | null = null;
  try {
    const { columns, plan } = await planned(parts, feed);
    const { findings, records } = plan;
    if (records === null) return outcome(null, 'unusable', { findings, ...calls() });
    row = await begin(parts, feed, due);
    begun = new Run(parts, feed, row, { callsBefore, isDry });
    if (!isDry) {
      await begun.begin();
      await begun.resume(records);
    }
    const { found, read, reasons } = await begun.read(records, columns);
    begun.warnings.push(...findings, ...misreadTexts(feed, read), ...(await inCircles(parts.db, row, feed)));
    const { vouchedSince, audited, warnings } = begun;
    const told = { findings: warnings, keyless: read.keyless, plan: records, vouchedSince, audited };
    const wouldWrite = found.changed + found.fresh;
    if (isDry || reasons.length > 0) {
      begun.counts = { ...begun.counts, held: wouldWrite };
      const status = isDry ? 'dry run' : 'held';
      await begun.end(status, reasons);
      return outcome(row, status, {
        ...told,
        counts: begun.counts,
        reasons: [...reasons, ...begun.unnoted],
        ...calls(),
      });
    }
    const status = await begun.write(records, wouldWrite);
    if (read.sums) await begun.prove(records, read.sums);
    await begun.end(status);
    const { counts, unnoted, proof } = begun;
    return outcome(row, status, { ...told, counts, reasons: unnoted, proof, ...calls() });
  } catch (error) {
    if (error instanceof Busy)
      return (
        (await decidedThere(parts, feed, error.open, isDry)) ??
        outcome(error.open, 'busy', { reasons: [error.message], ...calls() })
      );
    if (!begun && error instanceof SalesforceError)
      return outcome(null, 'unusable', { findings: [findingOf(error, feed)], ...calls() });
    const broken = await brokenOff(begun, row, error);
    if (broken) return { ...broken, ...calls() };
    if (begun && !(error instanceof TakenOver))
      await begun.end('failed', [error instanceof Error ? error.message : String(error)]).catch(() => {});
    throw error;
  }
};

/** What somebody decided in Salesforce on the held run that is in the way is done; after a rejection the feed runs. */
const decidedThere = async (parts: FeedParts, feed: Feed, open: RunRow, isDry: boolean): Promise<RunOutcome | null> => {
  if (open.status !== 'held' || isDry) return null;
  const book = new RunBook(parts.client);
  const decision = await patiently(parts, async () => {
    await book.catchUp(parts.db, open, feed.object);
    return book.decisionOn(open);
  }).catch((error: unknown) => {
    // it waits on
    if (breaksOff(error)) return null;
    throw error;
  });
  if (decision === null) return null;
  const done = await carryOut(parts, open, decision);
  return done.status === 'rejected' ? runFeed(parts, feed) : done;
};

/**
 * A person's word on a held run. Released, exactly what was planned is written; rejected, nothing. `by`: who says so.
 * Status `busy` with words when the run is not held.
 */
export const decide = async (
  parts: FeedParts,
  { key, word, by }: { key: string; word: 'release' | 'reject'; by: string },
): Promise<RunOutcome> => {
  const run = await runByKey(parts.db, key);
  if (!run || run.status !== 'held')
    return outcome(run, 'busy', {
      reasons: [run ? `run ${key} is not held, but ${run.status}` : `no run has the key ${key}`],
    });
  const book = new RunBook(parts.client);
  try {
    await patiently(parts, async () => {
      // one that Salesforce does not show as held takes no decision there
      await book.catchUp(parts.db, run, parts.config.feed(run.company, run.feed).object);
      // the same word, whose answer did not come, is this decision
      if ((await book.decisionOn(run))?.word !== word) await book.decide(run, { word, by });
    });
  } catch (error) {
    if (!(error instanceof SalesforceError || error instanceof Interrupted)) throw error;
    return outcome(run, 'busy', { reasons: [`Salesforce does not take the decision: ${error.message}`] });
  }
  return carryOut(parts, run, { word, by });
};

const carryOut = async (parts: FeedParts, run: RunRow, { word, by }: Decision): Promise<RunOutcome> => {
  const { db, clock, config, client } = parts;
  const { key } = run;
  const feed = config.feed(run.company, run.feed);
  const callsBefore = client.calls;
  let released: Run | null = null;
  try {
    const { plan } = await planned(parts, feed);
    const { findings, records } = plan;
    if (records === null) return outcome(run, 'unusable', { findings });
    const status = word === 'release' ? 'running' : 'rejected';
    const now = new Date(clock.now());
    if (!(await decideRun(db, run, { status, by, now, leaseUntil: leaseFrom(clock) })))
      return outcome(run, 'busy', { reasons: [`somebody else has decided run ${key}`] });
    const counts = { ...NO_COUNTS, ...run.counts };
    if (word === 'reject') return outcome(run, 'rejected', { counts, findings, plan: records });
    released = new Run(parts, feed, run, { callsBefore, isDry: false });
    released.counts = { ...counts, held: 0 };
    released.filled = run.filled;
    released.fence = run.fence;
    released.vouchedSince = (await auditState(db, run)).vouched_since;
    released.audited = run.audit?.audited ?? null;
    const end = await released.write(records, counts.held);
    await released.end(
      end,
      run.reasons.filter((reason) => reason.startsWith(A_WARNING)),
    );
    return outcome(run, end, {
      findings,
      counts: released.counts,
      plan: records,
      reasons: released.unnoted,
      vouchedSince: released.vouchedSince,
      audited: released.audited,
      apiCalls: released.apiCalls,
    });
  } catch (error) {
    const broken = await brokenOff(released, run, error);
    if (!broken) throw error;
    return broken;
  }
};
