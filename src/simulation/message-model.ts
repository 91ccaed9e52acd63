/**
 * What may become of a message, its audit and its dead letter in one commit of the middle layer: written down from the glossary
 * ("Messages"), docs/case-protocol.md and the settings, apart from the queue that does it.
 */
import { DEFAULT_SETTINGS } from '../middle-layer/settings.ts';
import type { Backoff } from '../shared/backoff.ts';

/** A row of `message` as the database writes it in JSON. */
export interface Message {
  seq: number;
  flow: string;
  id: string;
  target: string;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  ordinal: number | null;
  payload: Record<string, unknown>;
  state: 'queued' | 'sending' | 'done' | 'dead' | 'superseded';
  attempts: number;
  deferrals: number;
  queued_at: string;
  next_attempt_at: string;
  /** Its place in the queue: a program of tomorrow may call it otherwise. */
  turn_at?: string;
  stands_at?: string;
  head: boolean;
  lease: string | null;
  lease_until: string | null;
  settled_at: string | null;
}

/** A row of `audit`. */
export interface Entry {
  seq: number;
  at: string;
  worker: string;
  flow: string;
  target: string;
  message_id: string | null;
  key: string;
  kind: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  outcome: string;
  code: string | null;
  field: string | null;
  duration_ms: number | null;
}

/** A row of `dead_letter`. */
export interface Letter {
  message_seq: number;
  code: string;
  cause: string;
  history: { at: string; outcome: string; code: string | null; durationMs: number | null }[];
  died_at: string;
  resolved_at: string | null;
  resolution: 'retried' | 'superseded' | null;
}

export type KeptRow = Readonly<Record<string, string | number | null>>;

/** A table that only one flow has. */
export interface KeptTable {
  /** What tells a row from all others. */
  nameOf(row: KeptRow): string;
  /** It has one row, which one loop writes. */
  isOneRow?: boolean;
  /** For how many milliseconds a row stays since which time; a row without such a time stays. Absent: nobody deletes any. */
  retention?: { ms: number; sinceOf(row: KeptRow): string | null };
}

/** What a flow says of its messages. */
export interface MessageRules {
  /** What orders messages of one target, kind and key, the most weighty first: a higher or equal one supersedes. Null: each is a fact of its own. */
  rank(message: Message): readonly number[] | null;
  /** Whether it begins an exchange: those that go on with one have their turn first. */
  begins(message: Message): boolean;
  /** Whether what the queue says of it is what it says itself. */
  fits(message: Message): boolean;
  /** What only one batch at a time may be under way about, of all workers; null or absent: nothing. */
  alone?(message: Message): string | null;
  /** What else of a commit must not be, a line each; absent: nothing is known of it. A commit is of one flow. */
  follows?(change: Change, before: Before): string[];
  /** Tables that only this flow has, to be watched; absent: none. Their rows are in `Change.rows`. */
  keeps?: Readonly<Record<string, KeptTable>>;
  /** What of them must not be after a commit, a line each. `now`: when it happened, in epoch milliseconds. */
  kept?(change: Change, now: number): string[];
  /** How many batches may be under way at once, by target; absent: one. */
  lanes: Readonly<Record<string, number>>;
  /** How long messages may wait for company while many come, by target, in milliseconds; absent: not at all. */
  lingerMs: Readonly<Record<string, number>>;
}

/** A row before (null: it is new) and after. */
export interface Changed<T> {
  was: T | null;
  is: T;
}

/** All that one commit did to the queue. */
export interface Change {
  messages: readonly Changed<Message>[];
  entries: readonly Entry[];
  letters: readonly Changed<Letter>[];
  /** Ids that the inbox has now and had not. */
  received: readonly { flow: string; id: string; received_at: string }[];
  /** Rows of tables that only one flow has, by table; absent: none. */
  rows?: ReadonlyMap<string, readonly Changed<unknown>[]>;
}

/** What is known when a commit is judged: the queue as it was before. */
export interface Before {
  /** All messages, by number. */
  messages: ReadonlyMap<number, Message>;
  /** The same by their lines. */
  lines: ReadonlyMap<string, ReadonlySet<number>>;
  /** Those that wait or are under way. */
  open: ReadonlyMap<number, Message>;
  /** Of each message id, what the audit says, oldest first. */
  entriesOf: ReadonlyMap<string, readonly Entry[]>;
  /** Why a flow stands still; absent: it does not. */
  pauses: ReadonlyMap<string, string | null>;
  rulesOf: (flow: string) => MessageRules;
}

const DAY = 24 * 60 * 60_000;
/** What goes on with an exchange has its turn so long before what begins one. */
const HEAD_START = DAY;
/** Clocks of workers may be so far apart. */
const APART = 60_000;

const { leaseMs, maxAttempts, retry, deferral } = DEFAULT_SETTINGS;

const time = (text: string): number => Date.parse(text);
export const turnOf = ({ turn_at: turn, stands_at: stands }: Message): number => time((turn ?? stands)!);
const isOpen = ({ state }: Message): boolean => state === 'queued' || state === 'sending';
/** Messages of which the order is kept. */
export const lineOf = ({ flow, target, key }: Pick<Message, 'flow' | 'target' | 'key'>): string =>
  `${flow} ${target} ${key}`;

/** Below, at or above 0 as the one ranks below, with or above the other. */
export const compared = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
};

const isWithin = (ms: number, tries: number, { baseMs, maxMs }: Backoff): boolean =>
  ms >= 1 && ms <= Math.max(1, Math.min(maxMs, baseMs * 2 ** (tries - 1)));

/** Results of sending that end nothing. */
const PUT_OFF = new Set(['REFUSED', 'DEFERRED', 'UNAVAILABLE']);
/** What the audit says of a message besides how sending it went. */
const ABOUT = new Set(['QUEUED', 'SUPERSEDED', 'RETRIED', 'DUPLICATE', 'CONFLICT']);

/** Judges one commit: what of it must not be, a line each. */
export class Judgement {
  readonly broken: string[] = [];
  readonly #change: Change;
  readonly #before: Before;
  /** The moment at which it happened, by the clock of who did it; NaN: nothing tells. */
  readonly now: number;
  readonly #isOf: Map<number, Message>;
  readonly #entriesOf: Map<string, Entry[]>;

  constructor(change: Change, before: Before) {
    this.#change = change;
    this.#before = before;
    this.#entriesOf = Map.groupBy(
      change.entries.filter(({ message_id: id }) => id !== null),
      ({ message_id: id }) => id!,
    );
    this.#isOf = new Map(change.messages.map(({ is }) => [is.seq, is]));
    this.now = this.#moment();
    for (const changed of change.messages) this.#message(changed);
    for (const line of new Set(change.messages.map(({ is }) => lineOf(is)))) this.#heads(line);
    for (const entry of change.entries) this.#entry(entry);
    for (const received of change.received) this.#received(received);
    for (const letter of change.letters) this.#letter(letter);
    this.#claims();
  }

  #break(what: string, { kind, key, target }: Pick<Message, 'kind' | 'key' | 'target'>): void {
    this.broken.push(`middle layer: the ${kind} of ${key} for ${target} ${what}`);
  }

  /** The messages of a line as they are now. */
  #line(line: string): Message[] {
    const known = [...(this.#before.lines.get(line) ?? [])];
    const fresh = this.#change.messages.flatMap(({ was, is }) => (!was && lineOf(is) === line ? [is] : []));
    return [...known.map((seq) => this.#isOf.get(seq) ?? this.#before.messages.get(seq)!), ...fresh];
  }

  /** Whatever a commit writes down happened at one moment. */
  #moment(): number {
    const moments = new Set<number>();
    for (const { at } of this.#change.entries) moments.add(time(at));
    for (const { received_at: at } of this.#change.received) moments.add(time(at));
    for (const { was, is } of this.#change.messages) {
      if (!was) moments.add(time(is.queued_at));
      if (is.settled_at && is.settled_at !== was?.settled_at) moments.add(time(is.settled_at));
      if (is.lease && is.lease !== was?.lease) moments.add(time(is.lease_until!) - leaseMs);
    }
    for (const { was, is } of this.#change.letters) {
      if (!was) moments.add(time(is.died_at));
      if (is.resolved_at && !was?.resolved_at) moments.add(time(is.resolved_at));
    }
    if (moments.size > 1)
      this.broken.push(
        `middle layer: one commit tells of several moments: ${[...moments].map((ms) => new Date(ms).toISOString()).join(', ')}`,
      );
    return moments.values().next().value ?? Number.NaN;
  }

  #message({ was, is }: Changed<Message>): void {
    const isDead = is.state === 'dead' && was?.state !== 'dead';
    if (isDead && !this.#change.letters.some(({ was: old, is: letter }) => !old && letter.message_seq === is.seq))
      this.#break('is dead without a dead letter', is);
    if (!was) return is.state === 'dead' ? this.#buried(is) : this.#queued(is);
    this.#sameMessage(was, is);
    const step = `${was.state} ${is.state}`;
    switch (step) {
      case 'queued queued':
        return this.#moved(was, is);
      case 'queued sending':
        return this.#claimed(was, is);
      case 'sending sending':
        return was.lease === is.lease ? this.#leaseCut(was, is) : this.#claimed(was, is);
      case 'sending queued':
        return this.#resultOf(is) ? this.#settled(was, is) : this.#released(was, is);
      case 'sending done':
      case 'sending dead':
      case 'sending superseded':
        return this.#settled(was, is);
      case 'queued superseded':
      case 'dead superseded':
        return this.#superseded(was, is);
      case 'done done':
      case 'superseded superseded':
        return this.#differs(was, is, ['payload']);
      default:
        return this.#break(`was ${was.state} and is ${is.state}`, is);
    }
  }

  /** What says who a message is never changes; from one that has ended, what Salesforce never stores is dropped. */
  #sameMessage(was: Message, is: Message): void {
    const { extra: _dropped, ...rest } = was.payload;
    const isPayload = [was.payload, ...(isOpen(is) ? [] : [rest])].some(
      (payload) => JSON.stringify(payload) === JSON.stringify(is.payload),
    );
    const isSame = (
      ['flow', 'id', 'target', 'kind', 'key', 'version', 'attempt', 'revision', 'ordinal'] as const
    ).every((name) => was[name] === is[name]);
    if (!isSame || !isPayload || was.queued_at !== is.queued_at) this.#break('is another one now', is);
  }

  /** Tells what changed beside these columns. */
  #differs(was: Message, is: Message, except: readonly (keyof Message)[]): void {
    for (const name of Object.keys(is) as (keyof Message)[])
      if (!except.includes(name) && JSON.stringify(was[name]) !== JSON.stringify(is[name]))
        this.#break(
          `changed its ${name} from ${JSON.stringify(was[name])} to ${JSON.stringify(is[name])} as it became ${is.state}`,
          is,
        );
  }

  /** What the audit says in this commit of how sending it went; undefined: nothing. */
  #resultOf({ id }: Message): Entry | undefined {
    return this.#entriesOf.get(id)?.find(({ outcome }) => !ABOUT.has(outcome));
  }

  #told({ id }: Message, outcome: string): number {
    return this.#entriesOf.get(id)?.filter((entry) => entry.outcome === outcome).length ?? 0;
  }

  #rank(message: Message): readonly number[] | null {
    return this.#before.rulesOf(message.flow).rank(message);
  }

  /** Messages that compete with it: of its target, kind and key, with their rank beside it. */
  #rivals(message: Message): { rival: Message; above: number }[] {
    const rank = this.#rank(message);
    if (rank === null) return [];
    return this.#line(lineOf(message))
      .filter((other) => other.seq !== message.seq && other.kind === message.kind)
      .map((rival) => ({ rival, above: compared(this.#rank(rival)!, rank) }));
  }

  #queued(is: Message): void {
    if (is.state !== 'queued' || is.lease !== null || is.deferrals !== 0) this.#break(`begins as ${is.state}`, is);
    if (this.#told(is, 'QUEUED') !== 1) this.#break('is queued, and the audit does not say so once', is);
    if (time(is.next_attempt_at) !== this.now) this.#break('is not due at once', is);
    const rules = this.#before.rulesOf(is.flow);
    if (turnOf(is) !== (rules.begins(is) ? this.now : this.now - HEAD_START))
      this.#break(`has its turn at ${new Date(turnOf(is)).toISOString()}`, is);
    if ((rules.rank(is) === null) !== (is.ordinal === null)) this.#break(`has the ordinal ${is.ordinal}`, is);
    if (!rules.fits(is)) this.#break(`is called otherwise in the queue: ${JSON.stringify(is)}`, is);
    this.#replaces(is);
  }

  /** It replaces what waits or is dead and says no more, and comes in when nothing says more; a repeat has the attempts of what it repeats. */
  #replaces(is: Message): void {
    let inherited = 0;
    for (const { rival, above } of this.#rivals(is)) {
      const was = this.#before.messages.get(rival.seq);
      if (!was || was.state === 'done' || was.state === 'superseded' || rival.state === 'done') continue;
      const isClosed = rival.state === 'superseded';
      if (above > 0 && !isClosed) this.#break('comes in although a newer one is there', is);
      if (above <= 0 && !isClosed && rival.state !== 'sending')
        this.#break(`leaves an older one ${rival.state} beside it`, is);
      // what an operator sends again has all its attempts
      if (above === 0 && isClosed && this.#told(rival, 'SUPERSEDED') > 0)
        inherited = Math.min(rival.attempts, maxAttempts - 1);
    }
    if (is.attempts !== inherited) this.#break(`begins with ${is.attempts} attempts, not ${inherited}`, is);
  }

  /** A message that nobody else could repeat: it is dead from the start. */
  #buried(is: Message): void {
    if (is.attempts !== 0 || is.deferrals !== 0 || is.head || is.lease !== null) this.#break('is not buried whole', is);
  }

  #claimed(was: Message, is: Message): void {
    this.#differs(was, is, ['state', 'lease', 'lease_until']);
    const due = was.state === 'sending' ? time(was.lease_until!) : time(was.next_attempt_at);
    if (due > this.now)
      this.#break(`is taken at ${new Date(this.now).toISOString()}, and due at ${new Date(due).toISOString()}`, is);
    if (!was.head) this.#break('is taken before those that came before it', is);
    if (this.#isAmid(was)) this.#break('is taken while another batch about the same is under way', is);
    const pause = this.#before.pauses.get(is.flow) ?? null;
    if (pause !== null) this.#break(`is taken while its flow stands still: ${pause}`, is);
  }

  /** A lease that a clock which was ahead has given for too long. */
  #leaseCut(was: Message, is: Message): void {
    this.#differs(was, is, ['lease_until']);
    const now = time(is.lease_until!);
    if (time(was.lease_until!) <= now + leaseMs + APART) this.#break('loses a lease that is not too long', is);
  }

  #released(was: Message, is: Message): void {
    this.#differs(was, is, ['state', 'lease', 'lease_until']);
  }

  /** Becomes the first of its line, or is due now although a clock that was ahead has put it off for too long. */
  #moved(was: Message, is: Message): void {
    const isMoved = was.next_attempt_at !== is.next_attempt_at;
    this.#differs(was, is, ['head', ...(isMoved ? (['next_attempt_at', 'turn_at', 'stands_at'] as const) : [])]);
    const now = time(is.next_attempt_at);
    const most = Math.max(retry.maxMs, deferral.maxMs);
    if (isMoved && (time(was.next_attempt_at) <= now + most || turnOf(is) !== now))
      this.#break(`is due at ${is.next_attempt_at} instead of ${was.next_attempt_at}`, is);
  }

  #settled(was: Message, is: Message): void {
    const result = this.#resultOf(was);
    if (!result) return this.#break(`is ${is.state}, and the audit does not say why`, is);
    const { outcome } = result;
    const attempts = was.attempts + (outcome === 'REFUSED' ? 1 : 0);
    const deferrals = was.deferrals + (outcome === 'DEFERRED' || outcome === 'UNAVAILABLE' ? 1 : 0);
    const isReplaced =
      PUT_OFF.has(outcome) &&
      this.#rivals(is).some(({ rival, above }) => rival.seq > is.seq && above >= 0 && isOpen(rival));
    const end = attempts >= maxAttempts ? 'dead' : 'queued';
    const state = !PUT_OFF.has(outcome) ? 'done' : isReplaced ? 'superseded' : outcome === 'REFUSED' ? end : 'queued';
    if (is.state !== state) this.#break(`is ${is.state} after ${outcome}, not ${state}`, is);
    if (is.attempts !== attempts || is.deferrals !== deferrals)
      this.#break(`has ${is.attempts} attempts and ${is.deferrals} deferrals after ${outcome}`, is);
    if (is.lease !== null || (is.settled_at === null) !== (is.state === 'queued'))
      this.#break('is not settled whole', is);
    if (this.#told(is, 'SUPERSEDED') !== (is.state === 'superseded' ? 1 : 0))
      this.#break(`is ${is.state}, and the audit tells of a newer one otherwise`, is);
    if (PUT_OFF.has(outcome) && !result.code) this.#break(`was ${outcome} without a code`, is);
    this.#waits(is, outcome);
  }

  /** For how long it waits, as often as it was tried. */
  #waits(is: Message, outcome: string): void {
    const pause = time(is.next_attempt_at) - this.now;
    const isRight =
      outcome === 'REFUSED'
        ? isWithin(pause, is.attempts, retry)
        : outcome === 'DEFERRED'
          ? isWithin(pause, is.deferrals, deferral)
          : pause === 0;
    if (!isRight)
      this.#break(`waits for ${pause} ms after ${outcome}, at attempt ${is.attempts}, deferral ${is.deferrals}`, is);
    if (turnOf(is) !== time(is.next_attempt_at)) this.#break('does not go to the end of the queue', is);
  }

  /** Something newer says all of it, an operator sends it again, or its answer came after all. */
  #superseded(was: Message, is: Message): void {
    this.#differs(was, is, ['state', 'head', 'settled_at']);
    const letter = this.#change.letters.find(({ is: each }) => each.message_seq === is.seq)?.is;
    const isRetried = letter?.resolution === 'retried';
    if (was.state === 'dead' && !letter) this.#break('was dead, and its dead letter stays open', is);
    if (isRetried !== this.#change.entries.some((entry) => entry.outcome === 'RETRIED' && isAbout(entry, is)))
      this.#break('is sent again, and the audit does not say so', is);
    if (this.#told(is, 'SUPERSEDED') !== (isRetried ? 0 : 1))
      this.#break('is superseded, and the audit does not say so', is);
  }

  /** Of a line the first open message is its head, and nothing else. */
  #heads(line: string): void {
    const open = this.#line(line).filter(isOpen);
    const first = open.reduce<Message | null>((least, each) => (least && least.seq < each.seq ? least : each), null);
    for (const message of open)
      if (message.head !== (message === first))
        this.#break(message.head ? 'is a head, and not the first' : 'is the first, and no head', message);
  }

  /** What was received is queued, or the audit says what else became of it. */
  #received({ id }: Change['received'][number]): void {
    const names = [
      ...this.#isOf.values(),
      ...this.#change.entries.map((entry) => ({ id: entry.message_id, key: entry.key })),
    ];
    if (!names.some((each) => each.id === id || each.key === id))
      this.broken.push(`middle layer: the message ${id} was received, and the audit tells nothing of it`);
  }

  #entry(entry: Entry): void {
    if (entry.message_id === null) return;
    const message = [...this.#isOf.values()].find(({ id }) => id === entry.message_id);
    if (message && !isAbout(entry, message) && entry.outcome !== 'RETRIED')
      this.#break(`is called otherwise in the audit: ${JSON.stringify(entry)}`, message);
    const isNew = message !== undefined && !this.#before.messages.has(message.seq);
    if (entry.outcome === 'QUEUED' && !(isNew && message.state === 'queued'))
      this.#break('is queued as the audit says, and is not there', entry);
    if (entry.outcome === 'SUPERSEDED' && message && message.state !== 'superseded')
      this.#break(`is superseded as the audit says, and ${message.state}`, entry);
    const gaveWay = this.#entriesOf.get(entry.message_id)!.some(({ outcome }) => outcome === 'SUPERSEDED');
    if (entry.outcome === 'RETRIED' && !isNew && !gaveWay)
      this.#break('is sent again as the audit says, and is not there', entry);
  }

  #letter({ was, is }: Changed<Letter>): void {
    const message = this.#isOf.get(is.message_seq) ?? this.#before.messages.get(is.message_seq)!;
    if (was) {
      const changed = (['code', 'cause', 'died_at'] as const).some((name) => was[name] !== is[name]);
      if (changed || JSON.stringify(was.history) !== JSON.stringify(is.history) || was.resolved_at !== null)
        this.#break('has a dead letter that says something else now', message);
      if (message.state !== 'superseded') this.#break(`has a closed dead letter, and is ${message.state}`, message);
      return;
    }
    if (message.state !== 'dead') this.#break(`has a dead letter, and is ${message.state}`, message);
    const told = [...(this.#before.entriesOf.get(message.id) ?? []), ...(this.#entriesOf.get(message.id) ?? [])];
    const line = ({
      at,
      outcome,
      code,
      ms,
    }: {
      at: string;
      outcome: string;
      code: string | null;
      ms: number | null;
    }): string => [time(at), outcome, code, ms].join(' ');
    const history = told.map((entry) => line({ ...entry, ms: entry.duration_ms }));
    if (history.join() !== is.history.map((entry) => line({ ...entry, ms: entry.durationMs })).join())
      this.#break(`has a dead letter with the history ${JSON.stringify(is.history)}`, message);
    const last = this.#resultOf(message);
    if ((last && last.code !== is.code) || is.code === '' || is.cause === '')
      this.#break(`has a dead letter with the code ${is.code}`, message);
  }

  /** What is taken with a lease that this commit gives. */
  get claimed(): Changed<Message>[] {
    return this.#change.messages.filter(({ was, is }) => is.lease !== null && is.lease !== was?.lease);
  }

  /** What is taken at once is what has its turn first. */
  #claims(): void {
    const { claimed } = this;
    const first = claimed[0]?.is;
    if (!first) return;
    if (claimed.some(({ is }) => is.flow !== first.flow || is.target !== first.target || is.lease !== first.lease))
      this.#break('is taken with others that go elsewhere', first);
    const place = (message: Message): readonly number[] => [
      ...(message.state === 'sending' ? [0, time(message.lease_until!)] : [1, turnOf(message)]),
      message.seq,
    ];
    const last = claimed.map(({ was }) => place(was!)).reduce((a, b) => (compared(a, b) < 0 ? b : a));
    for (const left of this.waiting(first))
      if (!claimed.some(({ was }) => was === left) && compared(place(left), last) < 0)
        this.#break('is passed over by others whose turn comes later', left);
  }

  /** What could be sent now to the target of a message, before this commit. */
  *waiting({ flow, target }: Message): Generator<Message> {
    for (const message of this.#before.open.values()) {
      if (message.flow !== flow || message.target !== target || !message.head) continue;
      const due = message.state === 'sending' ? message.lease_until! : message.next_attempt_at;
      if (time(due) <= this.now && !this.#isAmid(message)) yield message;
    }
  }

  /** Whether a batch is under way, before this commit, about what the message is to have alone. */
  #isAmid(message: Message): boolean {
    const alone = this.#alone(message);
    return (
      alone !== null &&
      this.#before.open
        .values()
        .some(
          (other) => other.state === 'sending' && time(other.lease_until!) > this.now && this.#alone(other) === alone,
        )
    );
  }

  #alone(message: Message): string | null {
    return aloneIn(this.#before.rulesOf(message.flow), message);
  }
}

/** What only one batch at a time may be under way about, of all flows and targets; null: nothing. */
export const aloneIn = (rules: MessageRules, message: Message): string | null => {
  const about = rules.alone?.(message) ?? null;
  return about === null ? null : `${message.flow} ${message.target} ${about}`;
};

const isAbout = (entry: Entry, message: Message): boolean =>
  (['flow', 'target', 'key', 'kind', 'version', 'attempt', 'revision'] as const).every(
    (name) => entry[name] === message[name],
  );
