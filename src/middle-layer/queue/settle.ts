import { insertAudit } from '../db/queries/insert-audit.ts';
import { insertDeadLetters } from '../db/queries/insert-dead-letters.ts';
import { promoteHeads } from '../db/queries/promote-heads.ts';
import { settleMessages, type Settlement } from '../db/queries/settle-messages.ts';
import { updateCaseStates } from '../db/queries/update-case-states.ts';
import type { ClaimedMessage, Context, Draft, Timed } from '../types.ts';
import { pauseAfter } from './backoff.ts';
import { enqueue, lockKeys } from './enqueue.ts';
import { learn, writeBackIsKnown } from './learn.ts';

const settlementOf = (context: Context, message: ClaimedMessage, result: Timed, now: number): Settlement => {
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
 * Writes down how sending went, in one transaction: the state of each message, the audit, dead letters,
 * what was learned, and the messages that follow. A crash before leaves the messages leased; they are
 * sent again, and their receivers recognise them.
 */
export const settle = async (
  context: Context,
  lease: string,
  messages: readonly ClaimedMessage[],
  results: readonly Timed[],
): Promise<void> => {
  await context.db.transaction(async (tx) => {
    const now = context.clock.now();
    const at = new Date(now);
    const pairs = messages.map((message, index) => ({ message, result: results[index]! }));
    const followKeys = results.flatMap((result) =>
      result.is === 'done'
        ? [...(result.follow ?? []), ...(result.followOnce ?? [])]
        : result.is === 'refused'
          ? [...(result.follow ?? []), ...(result.onDeath ?? [])]
          : [],
    );
    const states = await lockKeys(
      tx,
      [...messages, ...followKeys].map(({ key }) => key),
    );
    const settlements = pairs.map(({ message, result }) => settlementOf(context, message, result, now));
    const settled = new Map((await settleMessages(tx, settlements, lease, at)).map(({ seq, state }) => [seq, state]));
    const ours = pairs.filter(({ message }) => settled.has(message.seq));
    const ended = ours.filter(({ message }) => settled.get(message.seq) !== 'queued');
    await promoteHeads(tx, [...new Set(ended.map(({ message }) => message.key))]);

    await insertAudit(
      tx,
      ours.flatMap(({ message, result }) => {
        const { target, id, key, kind, version, attempt, revision } = message;
        const about = { target, message_id: id, key, kind, version, attempt, revision };
        const row = { ...about, ...outcomeOf(result), duration_ms: result.durationMs };
        // how sending went, and that nothing more comes of it: a newer one was queued meanwhile
        return settled.get(message.seq) === 'superseded' ? [row, { ...about, outcome: 'SUPERSEDED' }] : [row];
      }),
      context.worker,
      at,
    );

    const dead = ours.flatMap(({ message, result }) =>
      result.is === 'refused' && settled.get(message.seq) === 'dead' ? [{ message, result }] : [],
    );
    if (dead.length) {
      await insertDeadLetters(
        tx,
        dead.map(({ message, result }) => ({ seq: message.seq, code: result.code, cause: result.cause })),
        at,
      );
      for (const { message, result } of dead) {
        context.log('warn', 'dead letter', {
          id: message.id,
          target: message.target,
          kind: message.kind,
          key: message.key,
          code: result.code,
        });
      }
    }

    const learned = ours.flatMap(({ result }) => (result.is === 'done' && result.learned ? [result.learned] : []));
    if (learned.length)
      await updateCaseStates(
        tx,
        learned.map((news) => learn(news, states.get(news.key)!)),
      );

    const follow: Draft[] = ours.flatMap(({ message, result }) => {
      const state = settled.get(message.seq);
      if (result.is === 'done') {
        const isKnown = writeBackIsKnown(result.learned, result.learned && states.get(result.learned.key));
        return [...(result.follow ?? []), ...(isKnown ? [] : (result.followOnce ?? []))];
      }
      if (result.is !== 'refused' || state === 'superseded') return [];
      return [...(result.follow ?? []), ...(state === 'dead' ? (result.onDeath ?? []) : [])];
    });
    await enqueue(context, tx, follow);
  });
};
