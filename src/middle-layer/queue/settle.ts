import { insertAudit, type AuditRow } from '../db/audit.ts';
import { insertDeadLetters } from '../db/dead-letters.ts';
import { lockKeys } from '../db/keys.ts';
import { promoteHeads, settleMessages, type Settlement } from '../db/messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { OpenFlow } from '../flow.ts';
import type { ClaimedMessage, Draft, FlowContext, Outcome, Timed } from '../types.ts';
import { pauseAfter } from '../../shared/backoff.ts';
import { enqueue } from './enqueue.ts';

const settlementOf = (context: FlowContext, message: ClaimedMessage, result: Timed, now: number): Settlement => {
  const { settings, random } = context;
  const { seq, attempts, deferrals } = message;
  const later = (pause: number): Date => new Date(now + pause);
  switch (result.is) {
    case 'done':
      return { seq, state: 'done', attempts, deferrals, dueAt: later(0) };
    case 'refused': {
      const used = attempts + 1;
      const state = used < settings.maxAttempts ? 'queued' : 'dead';
      return { seq, state, attempts: used, deferrals, dueAt: later(pauseAfter(used, settings.retry, random)) };
    }
    case 'deferred':
      return {
        seq,
        state: 'queued',
        attempts,
        deferrals: deferrals + 1,
        dueAt: later(pauseAfter(deferrals + 1, settings.deferral, random)),
      };
    case 'unavailable': // the circuit of the target says when to go on
      return { seq, state: 'queued', attempts, deferrals: deferrals + 1, dueAt: later(0) };
  }
};

const outcomeOf = (result: Timed): { outcome: string; code: string | null } => {
  switch (result.is) {
    case 'done':
      return { outcome: result.outcome, code: result.code ?? null };
    case 'refused':
      return { outcome: 'REFUSED', code: result.code };
    case 'deferred':
      return { outcome: 'DEFERRED', code: result.code };
    case 'unavailable':
      return { outcome: 'UNAVAILABLE', code: result.code };
  }
};

/**
 * Writes down how sending went, in one transaction: the state of each message, the audit, dead letters, and what the
 * flow makes of it: the messages that follow. A crash before leaves the messages leased; they are sent again, and
 * their receivers recognise them.
 */
export const settle = (
  context: FlowContext,
  follow: OpenFlow['settled'],
  lease: string,
  messages: readonly ClaimedMessage[],
  results: readonly Timed[],
): Promise<void> =>
  context.db.transaction(async (tx) => {
    const { flow } = context;
    const now = context.clock.now();
    const at = new Date(now);
    await lockKeys(
      tx,
      flow,
      messages.map(({ key }) => key),
    );
    const settlements = messages.map((message, index) => settlementOf(context, message, results[index]!, now));
    const states = new Map((await settleMessages(tx, settlements, lease, at)).map(({ seq, state }) => [seq, state]));
    // what another worker has taken over is its business
    const outcomes = messages.flatMap((message, index): Outcome[] => {
      const state = states.get(message.seq);
      return state === undefined ? [] : [{ message, result: results[index]!, state }];
    });
    const ended = outcomes.filter(({ state }) => state !== 'queued');
    await promoteHeads(tx, flow, [...new Set(ended.map(({ message }) => message.key))]);
    await insertAudit(tx, context, outcomes.flatMap(auditRows), at);
    await bury(context, tx, outcomes, at);
    await enqueue(context, tx, ofTheirKeys(outcomes, await follow(tx, outcomes)));
  });

const auditRows = ({ message, result, state }: Outcome): AuditRow[] => {
  const { target, id, key, kind, version, attempt, revision } = message;
  const about = { target, message_id: id, key, kind, version, attempt, revision };
  const row = { ...about, ...outcomeOf(result), duration_ms: result.durationMs };
  // how sending went, and that nothing more comes of it: a newer one was queued meanwhile
  return state === 'superseded' ? [row, { ...about, outcome: 'SUPERSEDED' }] : [row];
};

const bury = async (context: FlowContext, tx: Queryable, outcomes: readonly Outcome[], at: Date): Promise<void> => {
  const dead = outcomes.flatMap(({ message, result, state }) =>
    result.is === 'refused' && state === 'dead' ? [{ message, result }] : [],
  );
  if (dead.length === 0) return;
  await insertDeadLetters(
    tx,
    dead.map(({ message: { seq }, result: { code, cause } }) => ({ seq, code, cause })),
    at,
  );
  for (const { message, result } of dead) {
    const { id, target, kind, key } = message;
    context.log('warn', 'dead letter', {
      flow: context.flow,
      id,
      target,
      kind,
      key,
      code: result.code,
      remedy: 'npm run dead-letters -- list says why; retry sends it again once the cause is gone',
    });
  }
};

/** The lock of other keys would come too late: two workers could wait for each other. */
const ofTheirKeys = (outcomes: readonly Outcome[], drafts: readonly Draft[]): readonly Draft[] => {
  const locked = new Set(outcomes.map(({ message }) => message.key));
  const stray = drafts.find(({ key }) => !locked.has(key));
  if (stray) throw new Error(`a ${stray.kind} about ${stray.key} follows from messages of other keys`);
  return drafts;
};
