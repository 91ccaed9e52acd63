import { AsyncLocalStorage } from 'node:async_hooks';
import type { Handler } from 'kernel/http.ts';
import { Faults, type FaultPlan } from '../../../external-system/faults/faults.ts';
import { DEFAULT_SETTINGS, type Answering } from '../../../external-system/settings.ts';
import type { FromExternal, MessageReceipt, ToExternal } from '../../../shared/case-messages.ts';
import { checkToExternal, withStorableDiagnostics } from '../../../shared/check-message.ts';
import type { Database, Queryable } from '../../../shared/sql/types.ts';
import {
  type Expected,
  expectedOf,
  type HeldRecord,
  type Holding,
  NEW_MARK,
  NEW_NUMBER,
  polled,
  type RegistryRules,
  type Said,
  standingMessage,
  WORDS,
} from './registry-model.ts';
import { refusalOf, spelt } from './registry-spelling.ts';

/** Messages that are handed over in one call, as far as they are known to have come. */
interface Handed {
  /** In the order in which they are handled; a fault may shuffle them, or have one handled twice. */
  kept: readonly unknown[];
  handled: number;
  receipts: number;
  /** What the receipts must answer, by their place: absent where nothing is known of it. */
  owed: Map<number, Said[]>;
}

/** What a process does at this moment. */
type Doing = { is: 'messages'; handed: Handed } | { is: 'poll' };

interface Row {
  record: HeldRecord | null;
  history: Holding['history'];
  deletion: Holding['deletion'];
  requests: Holding['requests'];
  newest: number | null;
  numbers: string[] | null;
}

interface Queued {
  payload: FromExternal;
  state: string;
  due: string;
  waiting: number;
}

const HOLDING = `SELECT (SELECT to_jsonb(r) FROM case_record r WHERE key = $1) AS record,
  (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY revision), '[]') FROM case_revision v WHERE key = $1) AS history,
  (SELECT to_jsonb(d) FROM salesforce_deletion d WHERE key = $1) AS deletion,
  (SELECT coalesce(jsonb_agg(to_jsonb(q) ORDER BY version, idempotency_key), '[]') FROM case_request q WHERE key = $1) AS requests,
  (SELECT max(id) FROM outbox) AS newest, (SELECT array_agg(external_id) FROM case_record) AS numbers`;
const QUEUED = `SELECT payload, state, to_jsonb(next_at) AS due,
    (SELECT count(*)::int FROM outbox w WHERE w.key = o.key AND w.kind = 'record' AND w.state = 'queued') AS waiting
  FROM outbox o WHERE id > $1 ORDER BY id`;
const POLLED = `SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY sync_next_at, key), '[]') AS records, (SELECT max(id) FROM outbox) AS newest FROM case_record r`;

const NUMBER = /^SR-\d{8,12}$/;
const MARK = /^[0-9a-f]{8}$/;

const RECORD = [
  'external_id',
  'revision',
  'values',
  'request_version',
  'request_digest',
  'requested_at',
  'origin_case_id',
  'salesforce_case_id',
  'sync_status',
  'sync_error_code',
  'sync_error',
  'sync_attempts',
  'sync_next_at',
  'salesforce_deletion',
  'lineage',
  'acknowledged_revision',
  'seen_revision',
  'seen_mark',
  'deleted_at',
] as const;
const REVISION = ['revision', 'values', 'source', 'request_version', 'request_values', 'conflicts', 'marks'] as const;
const REQUEST = ['idempotency_key', 'version', 'attempts', 'status', 'error_code', 'error_field'] as const;
const TIMES = new Set(['requested_at', 'sync_next_at', 'deleted_at', 'at']);

/** One text for what is the same: fields in one order, moments in one form. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (name, inner: unknown) => {
    if (typeof inner === 'string' && TIMES.has(name)) return new Date(inner).toISOString();
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

/** As the model says it: without what the id and words for people are. */
const asSaid = ({ id: _id, ...said }: FromExternal): Said => {
  if (said.kind !== 'refused') return said;
  const { message, field } = said;
  return { ...said, message: message !== '' && message.includes(field ?? '') ? WORDS : message };
};

/** Where two things differ in these fields, a line each. */
const differing = <T>(fields: readonly (keyof T & string)[], wanted: T | null, found: T | null): string[] => {
  if (!wanted || !found) return wanted === found ? [] : [wanted ? 'it is missing' : 'it is there'];
  return fields
    .map((field) => [field, canonical({ [field]: wanted[field] }), canonical({ [field]: found[field] })] as const)
    .filter(([, a, b]) => a !== b)
    .map(([, a, b]) => `${b}, not ${a}`);
};

/** What must come, with what was drawn in its place. */
const filled = (expected: Expected, before: Holding, found: Holding, numbers: readonly string[]): Expected => {
  const mark = found.history.at(-1)?.marks[0] ?? '';
  const number = found.record?.external_id ?? '';
  const isNewMark = MARK.test(mark) && !before.history.some(({ marks }) => marks.includes(mark));
  const isNewNumber = NUMBER.test(number) && !numbers.includes(number);
  const text = JSON.stringify(expected)
    .replaceAll(JSON.stringify(NEW_MARK), JSON.stringify(isNewMark ? mark : NEW_MARK))
    .replaceAll(JSON.stringify(NEW_NUMBER), JSON.stringify(isNewNumber ? number : NEW_NUMBER));
  return JSON.parse(text) as Expected;
};

/** Faults that tell the watch what they leave of the messages. */
class WatchedFaults extends Faults {
  readonly #watch: RegistryWatch;

  constructor(watch: RegistryWatch, plan: FaultPlan) {
    super(plan);
    this.#watch = watch;
  }

  override incoming(messages: unknown[]): { lost: unknown[]; kept: unknown[] } {
    const incoming = super.incoming(messages);
    this.#watch.handed(incoming.kept);
    return incoming;
  }

  override receipt(receipt: MessageReceipt): MessageReceipt {
    this.#watch.receipt(receipt);
    return super.receipt(receipt);
  }
}

/**
 * Watches what the registry makes of each message, and of each look of its pollers: what it holds, and what it says, against a
 * model of the protocol (`registry-model.ts`). Both are seen within the transaction in which it acts: nothing comes in between.
 */
export class RegistryWatch {
  readonly broken: string[] = [];
  readonly #doing = new AsyncLocalStorage<Doing>();
  readonly #now: () => number;
  readonly #answers: Answering;

  /** `now`: by the registry's clock. */
  constructor(now: () => number, answers: Answering) {
    this.#now = now;
    this.#answers = answers;
  }

  /** The registry's faults, under watch. */
  faults(plan: FaultPlan): Faults {
    return new WatchedFaults(this, plan);
  }

  over(handle: Handler): Handler {
    return (request) => {
      const handed: Handed = { kept: [], handled: 0, receipts: 0, owed: new Map() };
      return this.#doing.run({ is: 'messages', handed }, () => handle(request));
    };
  }

  polling<T>(poll: () => Promise<T>): Promise<T> {
    return this.#doing.run({ is: 'poll' }, poll);
  }

  overDatabase(inner: Database): Database {
    return {
      ...inner,
      transaction: (work, options) => {
        const doing = this.#doing.getStore();
        const message = doing?.is === 'messages' ? this.#next(doing.handed) : null;
        if (doing?.is === 'poll') return inner.transaction((tx) => this.#polled(tx, () => work(tx)), options);
        if (doing?.is !== 'messages' || !message) return inner.transaction(work, options);
        const { handed } = doing;
        return inner.transaction((tx) => this.#acted(tx, message, handed, () => work(tx)), options);
      },
    };
  }

  handed(kept: readonly unknown[]): void {
    const doing = this.#doing.getStore();
    if (doing?.is === 'messages') doing.handed.kept = kept;
  }

  receipt(receipt: MessageReceipt): void {
    const doing = this.#doing.getStore();
    if (doing?.is !== 'messages') return;
    const { owed } = doing.handed;
    const wanted = owed.get(doing.handed.receipts++);
    if (!wanted || !receipt.accepted) return;
    const told = (receipt.answers ?? []).map(asSaid);
    if (canonical(told) !== canonical(wanted))
      this.#break(`the receipt of ${receipt.id} answers ${canonical(told)}, not ${canonical(wanted)}`);
  }

  /** The message of the transaction that begins: the malformed ones have none. */
  #next(handed: Handed): { message: ToExternal; place: number } | null {
    while (handed.handled < handed.kept.length) {
      const place = handed.handled++;
      const given = handed.kept[place];
      if (!checkToExternal(given)) return { message: withStorableDiagnostics(given as ToExternal), place };
    }
    return null;
  }

  #break(what: string): void {
    this.broken.push(`registry: ${what}`);
  }

  #rules(numbers: readonly string[]): RegistryRules {
    const { graceMs, maxGraceMs, maxFailedAttempts } = DEFAULT_SETTINGS;
    return {
      now: this.#now(),
      graceMs,
      maxGraceMs,
      maxFailedAttempts,
      spelt,
      refusal: refusalOf,
      isFree: (number) => NUMBER.test(number) && !numbers.includes(number),
    };
  }

  async #acted<T>(
    tx: Queryable,
    { message, place }: { message: ToExternal; place: number },
    handed: Handed,
    work: () => Promise<T>,
  ): Promise<T> {
    const [before] = await tx.query<Row>(HOLDING, [message.key]);
    const { numbers, newest, ...held } = before!;
    const wanted = expectedOf(message, held, this.#rules(numbers ?? []));
    const result = await work();
    const [after] = await tx.query<Row>(HOLDING, [message.key]);
    const found: Holding = after!;
    const expected = filled(wanted, held, found, numbers ?? []);
    const sent = await tx.query<Queued>(QUEUED, [newest ?? 0]);
    const problems = [
      ...differing(RECORD, expected.after.record, found.record).map((what) => `the record has ${what}`),
      ...this.#historyOf(expected.after, found),
      ...differing(['at', 'tombstone_id', 'deletion'], expected.after.deletion, found.deletion).map(
        (what) => `its deletion has ${what}`,
      ),
      ...this.#queued(sent, expected, handed, place),
    ];
    for (const what of problems) this.#break(`${message.kind} of ${message.key}: ${what}; told ${canonical(message)}`);
    return result;
  }

  #historyOf(wanted: Holding, found: Holding): string[] {
    if (wanted.history.length !== found.history.length)
      return [`it has ${found.history.length} revisions, not ${wanted.history.length}`];
    const revision = differing(REVISION, wanted.history.at(-1) ?? null, found.history.at(-1) ?? null);
    const requests = wanted.requests.flatMap((request) => {
      const kept = found.requests.find(({ idempotency_key: name }) => name === request.idempotency_key) ?? null;
      return differing(REQUEST, request, kept);
    });
    return [
      ...revision.map((what) => `its newest revision has ${what}`),
      ...requests.map((what) => `a request has ${what}`),
    ];
  }

  /** What went into the outbox: what it must, and the answers too unless the receipt has them. */
  #queued(
    sent: readonly Queued[],
    { answers, sends }: { answers: Said[]; sends: Said[] },
    handed: Handed,
    place: number,
  ): string[] {
    const told = sent.map(({ payload }) => asSaid(payload));
    const isLater = answers.length > 0 && sent.length > sends.length;
    const wanted = isLater ? [...sends, ...answers] : sends;
    handed.owed.set(place, isLater ? [] : answers);
    const problems = sent
      .filter(({ state, waiting, payload }) => state !== 'queued' || (payload.kind === 'record' && waiting > 1))
      .map(({ payload, state, waiting }) => `a ${payload.kind} is ${state} beside ${waiting - 1} older ones`);
    if (answers.length > 0 && this.#answers !== 'mixed' && isLater !== (this.#answers === 'later'))
      problems.push(`it answers ${isLater ? 'later' : 'at once'}`);
    if (canonical(told) !== canonical(wanted)) problems.push(`it sends ${canonical(told)}, not ${canonical(wanted)}`);
    return problems;
  }

  async #polled<T>(tx: Queryable, work: () => Promise<T>): Promise<T> {
    const look = async (): Promise<{ records: HeldRecord[]; newest: number | null }> =>
      (await tx.query<{ records: HeldRecord[]; newest: number | null }>(POLLED))[0]!;
    const rules = this.#rules([]);
    const before = await look();
    const isDue = ({ sync_next_at: next, deleted_at: deleted, salesforce_deletion: gone }: HeldRecord): boolean => {
      const due = next === null ? null : Date.parse(next);
      if (due === null || (deleted === null && gone !== null)) return false;
      return due <= rules.now || due > rules.now + rules.maxGraceMs;
    };
    const due = before.records.filter(isDue);
    const result = await work();
    const after = await look();
    const sent = await tx.query<Queued>(QUEUED, [before.newest ?? 0]);
    const wanted = due.map((record) => standingMessage(record, true));
    const told = sent.map(({ payload }) => asSaid(payload));
    if (canonical(told) !== canonical(wanted)) this.#break(`a poll sends ${canonical(told)}, not ${canonical(wanted)}`);
    for (const record of before.records) {
      const expected = due.includes(record) ? polled(record, rules) : record;
      const found = after.records.find(({ key }) => key === record.key) ?? null;
      for (const what of differing(RECORD, expected, found)) this.#break(`after a poll ${record.key} has ${what}`);
    }
    return result;
  }
}
