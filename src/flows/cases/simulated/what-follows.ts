/**
 * What must follow from each message of Cases in the commit that settles or receives it, and from nothing else: written down from
 * docs/case-protocol.md ("leads to"), apart from the code that does it.
 */
import type {
  AcknowledgeMessage,
  RecordMessage,
  RefusedMessage,
  RequestMessage,
  RequestWantedMessage,
  WriteBackMessage,
} from '../../../shared/case-messages.ts';
import {
  compared,
  type Before,
  type Change,
  type Entry,
  lineOf,
  type Message,
} from '../../../simulation/message-model.ts';
import { CASES } from '../carried/name.ts';

const payloadOf = <T>({ payload }: Message): T => payload as unknown as T;

/** How sending a message went, as the commit says. */
interface Settled {
  was: Message;
  is: Message;
  result: Entry;
}

const PUT_OFF = new Set(['DEFERRED', 'UNAVAILABLE']);

/** One commit of the flow, as it is judged. */
class Commit {
  readonly #change: Change;
  readonly #before: Before;
  readonly fresh: readonly Message[];
  readonly settled: readonly Settled[];
  readonly #received: ReadonlySet<string>;

  constructor(change: Change, before: Before) {
    this.#change = change;
    this.#before = before;
    this.fresh = change.messages.flatMap(({ was, is }) => (!was && is.state === 'queued' ? [is] : []));
    this.settled = change.messages.flatMap(({ was, is }): Settled[] => {
      if (!was?.lease || was.lease === is.lease) return [];
      const result = change.entries.find(({ message_id: id, duration_ms: ms }) => id === was.id && ms !== null);
      return result ? [{ was, is, result }] : [];
    });
    this.#received = new Set(change.received.map(({ id }) => id));
  }

  /** What follows for a key, of one kind. */
  #of<T>(key: string, kind: string): T[] {
    return this.fresh.filter((each) => each.key === key && each.kind === kind).map((each) => payloadOf<T>(each));
  }

  /** Whether something of this kind was made for a key and gave way to a newer one at once. */
  #gaveWay(key: string, kinds: readonly string[]): boolean {
    const ids = new Set([...this.#before.messages.values()].filter((each) => each.key === key).map(({ id }) => id));
    return this.#change.entries.some(
      (entry) =>
        entry.key === key &&
        entry.outcome === 'SUPERSEDED' &&
        kinds.includes(entry.kind) &&
        !ids.has(entry.message_id!),
    );
  }

  #isRetried(id: string): boolean {
    return this.#change.entries.some(({ outcome, message_id: of }) => outcome === 'RETRIED' && of === id);
  }

  /** What the external system must hear of a record or a deletion that Salesforce has answered. */
  acknowledged({ was, is, result }: Settled): string[] {
    const { key } = was;
    const told = [
      ...this.#of<AcknowledgeMessage>(key, 'acknowledge'),
      ...this.#of<WriteBackMessage>(key, 'writeBack').flatMap(({ acknowledges, externalId }) =>
        acknowledges ? [{ ...acknowledges, externalId, success: true, errorCode: undefined }] : [],
      ),
    ].filter(({ revision }) => revision === was.revision);
    if (PUT_OFF.has(result.outcome) || is.state === 'superseded')
      return told.length === 0 ? [] : [`is acknowledged although it was ${result.outcome}`];
    if (told.length === 0 && this.#gaveWay(key, ['acknowledge', 'writeBack'])) return [];
    const { externalId } = payloadOf<RecordMessage>(was);
    const isRefused = result.outcome === 'REFUSED';
    const isRight = told.every(
      ({ success, errorCode, externalId: of, seenRevision }) =>
        success === !isRefused &&
        of === externalId &&
        (errorCode ?? null) === (isRefused ? result.code : null) &&
        (was.kind !== 'record' || isRefused || (seenRevision ?? 0) >= was.revision!),
    );
    return told.length === 1 && isRight
      ? []
      : [`was ${result.outcome}, and the external system is told ${JSON.stringify(told)}`];
  }

  /** Whoever has lost a revision gets the Case as it is, or the word that there is none. */
  wanted({ was, result }: Settled): string[] {
    const { key } = was;
    const requests = [...this.#of(key, 'request'), ...this.#of(key, 'refused')].length;
    const words = this.#of<AcknowledgeMessage>(key, 'acknowledge').filter(({ success }) => !success).length;
    const isWord = result.outcome === 'NOT_FOUND' && payloadOf<RequestWantedMessage>(was).revision !== null;
    const isRequest = result.outcome === 'REQUESTED';
    const hasGivenWay = this.#gaveWay(key, ['request', 'refused', 'acknowledge']);
    const isRight = (requests === (isRequest ? 1 : 0) && words === (isWord ? 1 : 0)) || hasGivenWay;
    return isRight ? [] : [`was ${result.outcome}, and ${requests} requests and ${words} words follow`];
  }

  /** A request that nobody takes is told to Salesforce when it is given up. */
  given({ was, is, result }: Settled): string[] {
    const refusals = this.#of<RefusedMessage>(was.key, 'refused').filter(({ id }) => !this.#received.has(id));
    const isUp = is.state === 'dead';
    const isRight = refusals.every(
      ({ version, attempt, errorCode }) =>
        version === was.version && attempt === was.attempt && errorCode === result.code,
    );
    return (isUp ? refusals.length === 1 && isRight : refusals.length === 0) || this.#gaveWay(was.key, ['refused'])
      ? []
      : [`is ${is.state} after ${result.outcome} ${result.code}, and Salesforce is told ${JSON.stringify(refusals)}`];
  }

  /** Nothing comes from nowhere. */
  reason(fresh: Message): string[] {
    if (this.#isRetried(fresh.id)) return [];
    const of = (kinds: readonly string[]): boolean =>
      this.settled.some(({ was }) => was.key === fresh.key && kinds.includes(was.kind));
    const { entries } = this.#change;
    switch (fresh.kind) {
      case 'acknowledge': {
        const isLate = entries.some(
          ({ kind, key, outcome }) => kind === 'record' && key === fresh.key && outcome === 'SUPERSEDED',
        );
        return of(['record', 'deleted', 'requestWanted', 'writeBack']) || isLate ? [] : ['acknowledges nothing'];
      }
      case 'request':
        return of(['requestWanted']) ? [] : this.#asked(fresh);
      case 'writeBack':
      case 'deletion':
        return [];
      case 'refused': {
        const isOurs =
          of(['request', 'requestWanted']) ||
          entries.some(({ message_id: id, outcome, key }) => id === null && outcome === 'REFUSED' && key === fresh.key);
        return isOurs || this.#received.has(fresh.id) ? [] : ['comes from nowhere'];
      }
      default:
        return this.#received.has(fresh.id) ? this.#newest(fresh) : ['comes from nowhere'];
    }
  }

  *#known(key: string, target: string): Generator<Message> {
    for (const seq of this.#before.lines.get(lineOf({ flow: CASES, target, key })) ?? [])
      yield this.#before.messages.get(seq)!;
  }

  /** The newest revision of a key that is known to have come. */
  #newestRevision(key: string): number {
    return [...this.#known(key, 'salesforce')]
      .filter(({ kind }) => kind === 'record' || kind === 'deleted')
      .reduce((most, { revision }) => Math.max(most, revision!), 0);
  }

  /** A record that is older than what has come says nothing new. */
  #newest(fresh: Message): string[] {
    if (fresh.kind !== 'record') return [];
    const newest = this.#newestRevision(fresh.key);
    return fresh.revision! >= newest ? [] : [`is of revision ${fresh.revision}, and ${newest} has come`];
  }

  /** A version is asked for once, unless its attempt was raised, or it began later: then it is another one. */
  #asked(fresh: Message): string[] {
    const request = payloadOf<RequestMessage>(fresh);
    const problems: string[] = [];
    const began = (of: RequestMessage): number => Date.parse(of.requestedAt ?? '') || 0;
    for (const known of this.#known(fresh.key, 'external')) {
      if (known.kind !== 'request') continue;
      const earlier = payloadOf<RequestMessage>(known);
      const above = compared([request.version, request.attempt], [earlier.version, earlier.attempt]);
      if (above <= 0 && began(request) <= began(earlier))
        problems.push(
          `asks for version ${request.version}, attempt ${request.attempt} after ${earlier.version}, ${earlier.attempt}`,
        );
    }
    if (request.idempotencyKey !== `${request.orgId}:${request.key}:${request.version}`)
      problems.push(`has the idempotency key ${request.idempotencyKey}`);
    const seen = Math.max(
      request.caseRevision ?? 0,
      request.originCaseId === null ? 0 : this.#newestRevision(fresh.key),
    );
    if ((request.seenRevision ?? 0) < seen)
      problems.push(`says that revision ${request.seenRevision} was seen, and ${seen} was`);
    return problems;
  }
}

/** What follows wrongly from one commit, a line each. */
export const whatFollowsWrongly = (change: Change, before: Before): string[] => {
  const commit = new Commit(change, before);
  const about = ({ kind, key, id }: Message, problems: readonly string[]): string[] =>
    problems.map((what) => `middle layer: the ${kind} ${id} of ${key} ${what}`);
  return [
    ...commit.settled.flatMap((settled) => {
      const { was } = settled;
      if (was.kind === 'record' || was.kind === 'deleted') return about(was, commit.acknowledged(settled));
      if (was.kind === 'requestWanted') return about(was, commit.wanted(settled));
      return was.kind === 'request' ? about(was, commit.given(settled)) : [];
    }),
    ...commit.fresh.flatMap((fresh) => about(fresh, commit.reason(fresh))),
  ];
};
