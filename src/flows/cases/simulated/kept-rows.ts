/**
 * What a commit may make of the rows that the middle layer keeps of Cases beside its queue: written down from docs/case-protocol.md, the
 * glossary and the settings, apart from the statements that do it.
 */
import { CLOCKS_DIFFER_MS, DEFAULT_SETTINGS } from '../../../middle-layer/settings.ts';
import { compared, type Change, type Changed, type Entry, type KeptTable } from '../../../simulation/message-model.ts';
import { hasJustBeen, time } from './moments.ts';

/** Tables that only the Case flow has. */
export const KEPT_TABLES: Readonly<Record<string, KeptTable>> = {
  case_state: { nameOf: ({ key }) => String(key) },
  tombstone: { nameOf: ({ id }) => String(id) },
  intake: { nameOf: ({ key }) => String(key) },
  conflict: {
    nameOf: ({ seq }) => String(seq),
    retention: { ms: DEFAULT_SETTINGS.retention.conflictMs, sinceOf: ({ at }) => String(at) },
  },
  sweep_state: { nameOf: ({ flow }) => String(flow), isOneRow: true },
};

interface CaseState {
  key: string;
  case_id: string | null;
  account_id: string | null;
  external_id: string | null;
  request_version: number;
  request_attempt: number;
  write_back_version: number;
  write_back_attempt: number;
  revision: number;
  revision_mark: string | null;
  requested_at: string | null;
}

interface Tombstone {
  id: string;
  key: string;
  queued_at: string;
  sendings: number;
  due_at: string;
}

interface Intake {
  key: string;
  payload: { attempt: number } | null;
  accepted_at: string;
  due_at: string;
  answered_at: string | null;
}

interface Conflict {
  message_id: string;
  key: string;
  field: string;
  owner: string;
  at: string;
}

interface SweepState {
  next_sweep_at: string | null;
  lease: string | null;
  lease_until: string | null;
  swept_at: string | null;
  case_cursor: string | null;
  tombstone_cursor: string | null;
  clear_since: string | null;
  round_began_at: string | null;
  read_until: string | null;
  slice: number;
  slices: number;
}

const { answerGraceMs, answerMaxMs, leaseMs, outagePollIntervalMs } = DEFAULT_SETTINGS;
/** Sweeps that come by themselves are at least so far apart, in milliseconds. */
const LEAST_GAP_MS = 200;

const after = (text: string | null, moment: number): boolean => text !== null && time(text) > moment;

/** The pause before it is sent again: the grace, doubled with each time, up to the slow pace. */
const graceOf = (times: number): number => Math.min(answerGraceMs * 2 ** Math.min(times, 10), answerMaxMs);

const NONE: Omit<CaseState, 'key'> = {
  ...{ case_id: null, account_id: null, external_id: null, request_version: 0, request_attempt: -1 },
  ...{ write_back_version: 0, write_back_attempt: -1, revision: 0, revision_mark: null, requested_at: null },
};

const requestOf = ({ request_version: version, request_attempt: attempt }: CaseState): number[] => [version, attempt];
const writeBackOf = ({ write_back_version: version, write_back_attempt: attempt }: CaseState): number[] => [
  version,
  attempt,
];
/** What the audit says of a message that came into the queue, if only to give way to a newer one. */
const TAKEN_IN = new Set(['QUEUED', 'SUPERSEDED']);

/** One commit, as it is judged. `now`: when it happened. */
class Kept {
  readonly broken: string[] = [];
  readonly #change: Change;
  readonly #now: number;

  constructor(change: Change, now: number) {
    this.#change = change;
    this.#now = now;
    for (const each of this.#rows<CaseState>('case_state')) this.#caseState(each);
    for (const each of this.#rows<Tombstone>('tombstone')) this.#tombstone(each);
    for (const each of this.#rows<Intake>('intake')) this.#intake(each);
    this.#conflicts(this.#rows<Conflict>('conflict').flatMap(({ was, is }) => (was ? [] : [is])));
    for (const each of this.#rows<SweepState>('sweep_state')) this.#sweep(each);
  }

  /** Whether a moment is that of this commit, as who made it saw it. */
  #isNow(moment: number): boolean {
    return hasJustBeen(moment, this.#now);
  }

  #rows<T>(table: string): Changed<T>[] {
    return (this.#change.rows?.get(table) ?? []) as Changed<T>[];
  }

  #break(what: string, key: string): void {
    this.broken.push(`middle layer: what it keeps of ${key} ${what}`);
  }

  #entries(key: string, kinds: readonly string[]): Entry[] {
    return this.#change.entries.filter((entry) => entry.key === key && kinds.includes(entry.kind));
  }

  /** Ids are learnt and never forgotten; a version, attempt or revision is one that was queued or received in this commit. */
  #caseState({ was, is }: Changed<CaseState>): void {
    const { key } = is;
    const before: CaseState = was ?? { ...NONE, key };
    for (const name of ['case_id', 'account_id', 'external_id', 'revision_mark'] as const)
      if (before[name] !== null && is[name] === null) this.#break(`has lost its ${name}`, key);
    this.#request(before, is);
    const received = this.#entries(key, ['record', 'deleted']).map(({ revision }) => revision!);
    if (is.revision < before.revision) this.#break(`fell from revision ${before.revision} to ${is.revision}`, key);
    if (is.revision > before.revision && !received.includes(is.revision))
      this.#break(`is at revision ${is.revision}, which has not come`, key);
    if (received.some((revision) => revision > is.revision)) this.#break(`missed a revision above ${is.revision}`, key);
    if (is.requested_at !== before.requested_at && after(before.requested_at, time(is.requested_at ?? '')))
      this.#break(`forgot when its work began: ${before.requested_at}, ${is.requested_at}`, key);
    this.#writeBack(before, is);
  }

  #request(before: CaseState, is: CaseState): void {
    const [known, asked] = [requestOf(before), requestOf(is)];
    if (compared(asked, known) === 0) return;
    const queued = this.#entries(is.key, ['request', 'refused']).map(({ version, attempt }) => [version!, attempt!]);
    if (!queued.some((each) => compared(each, asked) === 0))
      this.#break(`is at request ${asked.join()}, which is not queued`, is.key);
    if (compared(asked, known) < 0 && !after(is.requested_at, time(before.requested_at ?? '')))
      this.#break(`fell from request ${known.join()} to ${asked.join()}`, is.key);
  }

  /** It counts as known at the attempt that its version has; whoever wants the Case again may have lost it, too. */
  #writeBack(before: CaseState, is: CaseState): void {
    const [known, now] = [writeBackOf(before), writeBackOf(is)];
    if (compared(now, known) === 0) return;
    const isWanted = this.#entries(is.key, ['requestWanted']).length > 0;
    if (isWanted && is.write_back_attempt === -1 && is.write_back_version === before.write_back_version) return;
    const queued = this.#entries(is.key, ['writeBack']).filter(({ outcome }) => TAKEN_IN.has(outcome));
    if (!queued.some(({ version }) => version === is.write_back_version))
      this.#break(`is at write-back ${now.join()}, which is not queued`, is.key);
    if (compared(now, known) < 0) this.#break(`fell from write-back ${known.join()} to ${now.join()}`, is.key);
    // a sweep has seen the attempt; of an answer it is the one that was asked for
    const isAnswered = this.#entries(is.key, ['record']).some(({ duration_ms: ms }) => ms !== null);
    const asked = before.request_version === is.write_back_version ? before.request_attempt : 0;
    const least = before.write_back_version === is.write_back_version ? before.write_back_attempt : -1;
    if (isAnswered && is.write_back_attempt !== Math.max(asked, least))
      this.#break(`is at write-back ${now.join()}, and the request at ${requestOf(before).join()}`, is.key);
  }

  /** Whether something waits longer still; what waits for longer than anything does was put off by a clock that was ahead. */
  #waits({ due_at: due }: { due_at: string }): boolean {
    return time(due) > this.#now && time(due) <= this.#now + answerMaxMs;
  }

  /** A deletion is sent when it is found, and again when its grace is over. */
  #tombstone({ was, is }: Changed<Tombstone>): void {
    const { key } = is;
    if (was && this.#isNow(time(is.due_at)) && is.sendings === was.sendings) return;
    if (this.#entries(key, ['deletion']).length === 0) this.#break('is sent again, and no deletion is queued', key);
    if (was && this.#waits(was)) this.#break(`is sent again before its grace is over: ${was.due_at}`, key);
    const sendings = was ? was.sendings + 1 : 1;
    if (is.sendings !== sendings) this.#break(`was sent ${is.sendings} times, not ${sendings}`, key);
    if (!this.#isNow(time(is.due_at) - graceOf(sendings - 1)))
      this.#break(`is due at ${is.due_at} after ${sendings} times, told at ${new Date(this.#now).toISOString()}`, key);
    if (was && was.queued_at !== is.queued_at) this.#break('is another one now', key);
  }

  /** A full request is kept until it is answered, and asked for again when its grace is over. */
  #intake({ was, is }: Changed<Intake>): void {
    const { key } = is;
    if (is.answered_at !== null) {
      const isAnswer = this.#entries(key, ['record', 'refused']).length > 0;
      if (was?.answered_at !== is.answered_at && !isAnswer) this.#break('is answered by nothing', key);
      if (is.payload !== null) this.#break('is kept longer than until its answer', key);
      return;
    }
    if (was && this.#isNow(time(is.due_at)) && JSON.stringify(was.payload) === JSON.stringify(is.payload)) return;
    if (this.#entries(key, ['request']).length === 0) this.#break('is asked for, and no request is queued', key);
    const attempt = is.payload?.attempt ?? Number.NaN;
    if (!this.#isNow(time(is.due_at) - graceOf(attempt)))
      this.#break(`is due at ${is.due_at} at attempt ${attempt}`, key);
    const isRetried = this.#change.entries.some((entry) => entry.key === key && entry.outcome === 'RETRIED');
    if (!was || isRetried) return;
    if (attempt !== was.payload!.attempt + 1) this.#break(`is asked for at attempt ${attempt}`, key);
    if (this.#waits(was)) this.#break(`is asked for before its grace is over: ${was.due_at}`, key);
  }

  /** The audit names each conflict, and its values are kept. */
  #conflicts(fresh: readonly Conflict[]): void {
    const kept = fresh.map(({ message_id: id, key, field, owner }) =>
      [id, key, field, `OWNER_${owner.toUpperCase()}`].join(' '),
    );
    const told = this.#change.entries
      .filter(({ outcome }) => outcome === 'CONFLICT')
      .map(({ message_id: id, key, field, code }) => [id, key, field, code].join(' '));
    if (kept.toSorted().join('\n') !== told.toSorted().join('\n'))
      this.broken.push(
        `middle layer: conflicts are kept as ${JSON.stringify(kept)}, and told as ${JSON.stringify(told)}`,
      );
  }

  #sweep({ was, is }: Changed<SweepState>): void {
    if (!was) return;
    const at = `at ${new Date(this.#now).toISOString()}: ${JSON.stringify(was)}, ${JSON.stringify(is)}`;
    const wrong = (what: string): void => void this.broken.push(`middle layer: the sweep ${what} ${at}`);
    if (is.lease !== null && (was.lease !== is.lease || was.lease_until !== is.lease_until)) {
      const leased = time(is.lease_until!);
      const isHeld = was.lease !== null && after(was.lease_until, this.#now);
      if (!this.#isNow(leased - leaseMs)) wrong('is leased otherwise than for its time');
      if (isHeld && time(was.lease_until!) <= leased + CLOCKS_DIFFER_MS) wrong('is taken from who holds it');
      return;
    }
    const hasEnded = is.swept_at !== was.swept_at;
    if (!hasEnded) return;
    if (was.lease === null || is.lease !== null) wrong('ends without its lease');
    if (!this.#isNow(time(is.swept_at!))) wrong('ended at another time');
    const isAmid = is.case_cursor !== null || is.tombstone_cursor !== null || is.slice > 0;
    const rest = time(is.next_sweep_at!) - time(is.swept_at!);
    if (isAmid ? rest !== 0 : rest < LEAST_GAP_MS || rest > outagePollIntervalMs) wrong(`rests for ${rest} ms`);
    for (const name of ['clear_since', 'round_began_at'] as const)
      if (is[name] !== was[name] && after(is[name], this.#now)) wrong(`has ${name} in the future`);
    if (
      is.clear_since !== null &&
      is.clear_since !== was.clear_since &&
      (!this.#isNow(time(is.clear_since)) || was.clear_since !== null)
    )
      wrong('is clear since another time');
    if (is.slice >= is.slices && is.slice > 0) wrong('reads a slice that is none');
    if (is.read_until !== was.read_until && isAmid) wrong('has read all, amid a round');
    const wasAmid = was.case_cursor !== null || was.tombstone_cursor !== null || was.slice > 0;
    if (wasAmid && is.round_began_at !== was.round_began_at) wrong('began its round amid it');
    if (is.read_until !== was.read_until && is.read_until !== is.round_began_at)
      wrong('has read until when its round did not begin');
  }
}

/** What is kept wrongly after one commit, a line each. `now`: when it happened; NaN: nothing tells. */
export const keptWrongly = (change: Change, now: number): string[] =>
  Number.isNaN(now) ? [] : new Kept(change, now).broken;
