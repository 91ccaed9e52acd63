import type { World } from '../../../simulation/world.ts';
import { CASES } from '../carried/name.ts';
import { differences, type Held, isOvertaken, MODELLED } from './case-model.ts';
import {
  advanced,
  type Control,
  countsOf,
  foundAs,
  isOutage,
  isOverdue,
  type BreakerBounds,
  type RunCounts,
  stops,
  isToldOfOutage,
  waitingSince,
} from './job-model.ts';

const COUNTS = [
  'Found__c',
  'Found_Lost_Requests__c',
  'Found_Lost_Write_Backs__c',
  'Found_Failed_Due__c',
  'Still_Pending__c',
  'Re_Requested__c',
  'Given_Up__c',
  'Recovered__c',
] as const satisfies readonly (keyof RunCounts)[];

const KINDS = {
  Found_Lost_Requests__c: 'Lost Request',
  Found_Lost_Write_Backs__c: 'Lost Write-Back',
  Found_Failed_Due__c: 'Failed Due',
} as const;

interface Run extends RunCounts, Record<string, unknown> {
  Id: string;
  Verdict__c: string;
  Breaker__c: boolean;
  Waiting_Since__c: string | null;
  Left__c: number;
  Error__c: string | null;
}

interface Finding extends Record<string, unknown> {
  Id: string;
  Case__c: string | null;
  Kind__c: string;
  Version__c: number | null;
  Open__c: string | null;
  Outcome__c: string | null;
  Run__c: string;
}

interface Controls extends Control {
  Key__c: string;
  Renewing_Since__c: string | null;
  Breaker_Open_Since__c: string | null;
  Breaker_Reason__c: string | null;
  Lock_Run__c: string | null;
  Last_Run__c: string | null;
}

/** What the job reads and writes. */
interface Look {
  cases: Map<string, Held>;
  runs: Run[];
  control: Control | null;
  /** Since when the breaker of the flow is open, and why. */
  open: { since: string; reason: string | null } | null;
  /** The run that holds the lock of the flow, and the one that ended last. */
  lock: { run: string | null; last: string | null };
  /** A walk over all Cases is under way. */
  isRenewing: boolean;
  findings: Map<string, Finding>;
  /** Cases beside which a state stands that the org did not save. */
  unsaved: Set<string>;
}

/** What is watched: a world, and the save of the agent who came last into a transaction. */
interface Watched {
  readonly world: World;
  readonly breaker: { readonly bounds: BreakerBounds };
  readonly met: Promise<void>;
}

/**
 * Watches what the org's own jobs make of the Cases, and what a run of the reconciliation job says of it, against a model of
 * the protocol (`job-model.ts`). Nobody else is at work meanwhile, and the clock stands.
 */
export class JobWatch {
  readonly broken: string[] = [];
  readonly #scene: Watched;

  constructor(scene: Watched) {
    this.#scene = scene;
  }

  /** The jobs that are due, under watch. */
  async over(run: () => void): Promise<void> {
    if (!this.#scene.world.isJudged) return run();
    const before = await this.#look();
    const { met, world } = this.#scene;
    run();
    const after = await this.#look();
    // unless an agent came into a transaction of theirs; and a renewal saves Cases of its own
    const isAlone = this.#scene.met === met && !before.isRenewing && !after.isRenewing;
    if (isAlone) this.#judge(before, after, world.clock.now());
  }

  /** Runs that have ended have given the lock back, and are known to be the last. */
  #judgeLock(runs: readonly Run[], { lock }: Look): void {
    if (lock.run !== null || !runs.some(({ Id }) => Id === lock.last))
      this.broken.push(`runs have ended, the lock is held by ${lock.run}, and the last one was ${lock.last}`);
  }

  /** Of runs that had their whole turn: what is asked for again is little, or nothing is, and a person looks first. */
  #judgeBreaker(runs: readonly Run[], before: Look, after: Look, now: number): void {
    if (before.open !== null && after.open?.since !== before.open.since)
      this.broken.push(`the jobs of the org change the breaker, open since ${before.open.since}`);
    const working = runs.filter(({ Waiting_Since__c: since }) => since === null);
    if (working.length === 0 || runs.some(({ Error__c: error }) => error !== null) || before.unsaved.size > 0) return;
    const all = [...before.cases.values()].filter(({ Sync_Status__c: status }) => status !== null);
    const overdue = all.filter((held) => isOverdue(held, now)).length;
    const isStopped = stops(overdue, all.length, before.open !== null, this.#scene.breaker.bounds);
    for (const { Verdict__c: verdict, Breaker__c: breaker, Left__c: left } of working)
      if ((verdict === 'Stopped by Breaker') !== isStopped || breaker !== isStopped || (isStopped && left !== overdue))
        this.broken.push(
          `a run is ${verdict}, ${breaker}, and left ${left}, although ${overdue} of ${all.length} Cases are overdue and the breaker was open since ${before.open?.since}`,
        );
    if ((after.open !== null) !== (before.open !== null || isStopped) || (after.open && !after.open.reason))
      this.broken.push(
        `the breaker is open since ${after.open?.since}, ${after.open?.reason}, after the jobs of the org`,
      );
    if (isStopped) this.#scene.world.network.count('runs stopped by the breaker');
  }

  #judge(before: Look, after: Look, now: number): void {
    const known = new Set(before.runs.map(({ Id }) => Id));
    const runs = after.runs.filter(({ Id }) => !known.has(Id));
    const isOpen = [...before.runs, ...after.runs].some(({ Verdict__c: verdict }) => verdict === 'Running');
    const mayWork = before.open === null && (isOpen || runs.some((run) => run.Waiting_Since__c === null));
    const found: Held[] = [];
    for (const [id, held] of before.cases) {
      const row = after.cases.get(id);
      if (!row) continue;
      const isDue = mayWork && isOverdue(held, now);
      const moved = differences(held, row);
      if (moved.length === 0) continue;
      if (before.unsaved.has(id)) continue;
      const wrong = isDue ? differences(advanced(held, now), row) : moved;
      if (wrong.length > 0 && !isOvertaken(held, row))
        this.broken.push(
          `the jobs of the org change Case ${id}${isDue ? '' : ', which is not overdue'}: ${wrong.join('; ')}`,
        );
      found.push(held);
    }
    if (isOpen || runs.length === 0) return;
    this.#judgeLock(runs, after);
    this.#judgeBreaker(runs, before, after, now);
    this.#judgeRuns(runs, before, { found, now });
    this.#judgeFindings(runs, before, after, found);
    this.#judgeWaiting(runs, before, after, now);
  }

  /** Where everything is looked at, and nothing is said to be left: what was passed by, and what the runs count. */
  #judgeRuns(runs: readonly Run[], before: Look, { found, now }: { found: readonly Held[]; now: number }): void {
    if (!runs.every(isWhole) || before.unsaved.size > 0) return;
    if (!this.#scene.world.hosted) {
      const moved = new Set(found);
      for (const held of before.cases.values())
        if (isOverdue(held, now) && !moved.has(held)) this.broken.push(`the job passes by the overdue Case ${held.Id}`);
    }
    const open = [...before.findings.values()].filter(({ Open__c: is }) => is !== null);
    const ends = open.map((finding) => endOf(finding, before));
    const known = new Set(open.flatMap(({ Case__c: id }) => id ?? []));
    const wanted = countsOf(found, known, ends.filter((end) => end === 'Recovered').length, now);
    for (const name of COUNTS) {
      const sum = runs.reduce((total, run) => total + run[name], 0);
      if (sum !== wanted[name]) this.broken.push(`the runs of the job say ${name} ${sum}, not ${wanted[name]}`);
    }
    const repairs = wanted.Re_Requested__c + wanted.Given_Up__c > 0;
    if (repairs !== runs.some(({ Verdict__c: verdict }) => verdict === 'Repairing'))
      this.broken.push(`the runs of the job are ${runs.map(({ Verdict__c: verdict }) => verdict).join(', ')}`);
  }

  /** What has come right or is gone is closed; what was found first is written down, but for what has no room. */
  #judgeFindings(runs: readonly Run[], before: Look, after: Look, found: readonly Held[]): void {
    if (!runs.every(isWhole)) return;
    for (const [id, finding] of before.findings) {
      const end = finding.Open__c === null ? finding.Outcome__c : endOf(finding, before);
      const row = after.findings.get(id);
      if (row && (row.Outcome__c !== end || (row.Open__c === null) !== (end !== null)))
        this.broken.push(`the finding on Case ${finding.Case__c} ended as ${row.Outcome__c}, not ${end}`);
    }
    const fresh = [...after.findings.values()].filter(({ Id }) => !before.findings.has(Id));
    for (const { Case__c: id, Kind__c: kind, Version__c: version, Open__c: open, Run__c: run } of fresh) {
      const held = found.find(({ Id }) => Id === id);
      const isRight = held && kind === KINDS[foundAs(held)] && version === held.Sync_Version__c;
      if (!isRight || open !== 'Open' || !runs.some(({ Id }) => Id === run))
        this.broken.push(`a finding on Case ${id} says ${kind} of version ${version}, ${open}`);
    }
    const counted = runs.reduce((total, { Found__c: number }) => total + number, 0);
    if (fresh.length > counted || (!this.#scene.world.hosted && fresh.length < counted))
      this.broken.push(`${fresh.length} findings are written down, and the runs found ${counted}`);
  }

  /** What waits for the other side is asked for again by nobody while nothing gets through. */
  #judgeWaiting(runs: readonly Run[], { control }: Look, after: Look, now: number): void {
    if (!control || runs.some(({ Error__c: error }) => error !== null)) return;
    const isOut = isOutage(control, now);
    for (const { Verdict__c: verdict, Waiting_Since__c: since } of runs)
      if ((since !== null) !== isOut && verdict !== 'Stopped by Breaker')
        this.broken.push(
          `a run ${isOut ? 'works' : 'waits'} although ${JSON.stringify(control)} at ${new Date(now).toISOString()}`,
        );
    const { Waiting_Since__c: noted, Outage_Alerted_At__c: alerted } = after.control!;
    const since = isOut ? waitingSince(control, now) : null;
    if (noted !== since || runs.some((run) => run.Waiting_Since__c !== since))
      this.broken.push(`nothing gets through since ${noted}, say the jobs of the org, and it does since ${since}`);
    if (isOut && (alerted !== null) !== isToldOfOutage(control, now))
      this.broken.push(
        `of the outage since ${since} people were told at ${alerted}, at ${new Date(now).toISOString()}`,
      );
  }

  async #look(): Promise<Look> {
    const { world } = this.#scene;
    const cases = await world.query<Held>(`SELECT Id, ${MODELLED.join(', ')} FROM Case WHERE Sync_Key__c != null`);
    const runs = await world.query<Run>(
      `SELECT Id, Verdict__c, Breaker__c, Waiting_Since__c, Left__c, Error__c, ${COUNTS.join(', ')} FROM Reconciliation_Run__c WHERE Type__c = 'Job' AND Flow__c = '${CASES}'`,
    );
    const controls = await world.query<Controls>(
      'SELECT Key__c, Swept_At__c, Clear_Since__c, Activated_At__c, Waiting_Since__c, Outage_Alerted_At__c, Renewing_Since__c, Breaker_Open_Since__c, Breaker_Reason__c, Lock_Run__c, Last_Run__c FROM Sync_Control__c',
    );
    const ofFlow = controls.find(({ Key__c: key }) => key === `flow:${CASES}`);
    const { Breaker_Open_Since__c: since = null, Breaker_Reason__c: reason = null } = ofFlow ?? {};
    const findings = await world.query<Finding>(
      'SELECT Id, Case__c, Kind__c, Version__c, Open__c, Outcome__c, Run__c FROM Reconciliation_Finding__c',
    );
    const unsaved = await world.query<{ Record_Id__c: string }>('SELECT Record_Id__c FROM Unsaved_Sync_State__c');
    return {
      cases: new Map(cases.map((row) => [row.Id, row])),
      runs,
      control: controls.find(({ Key__c: key }) => key === 'Default') ?? null,
      open: since === null ? null : { since, reason },
      lock: { run: ofFlow?.Lock_Run__c ?? null, last: ofFlow?.Last_Run__c ?? null },
      isRenewing: controls.some(({ Renewing_Since__c: since }) => since !== null),
      findings: new Map(findings.map((row) => [row.Id, row])),
      unsaved: new Set(unsaved.map(({ Record_Id__c: id }) => id)),
    };
  }
}

/** How a finding that is open ends when a run begins; null: it stays open. */
const endOf = ({ Case__c: id }: Finding, { cases }: Look): string | null => {
  if (id === null) return 'Deleted';
  return cases.get(id)?.Sync_Status__c === 'Success' ? 'Recovered' : null;
};

/** A run that had its whole turn. */
const isWhole = ({ Verdict__c: verdict, Left__c: left, Error__c: error }: Run): boolean =>
  ['Clean', 'Repairing'].includes(verdict) && left === 0 && error === null;
