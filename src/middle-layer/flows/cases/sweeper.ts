import { isDatabaseUnavailable } from '../../../shared/sql/errors.ts';
import { BatchRefused, TargetUnavailable } from '../../clients/errors.ts';
import type { SalesforcePort } from '../../clients/salesforce/port.ts';
import { breakOffSweep, endSweep } from '../../db/queries/end-sweep.ts';
import { clampTimes, type Latest } from '../../db/queries/clamp-times.ts';
import { leaseSweep } from '../../db/queries/lease-sweep.ts';
import { foldDepths } from '../../db/queries/queue-depths.ts';
import { readSweepState, type SweepState } from '../../db/queries/read-sweep-state.ts';
import { saveReplayId } from '../../db/queries/save-replay-id.ts';
import { describeError } from '../../describe-error.ts';
import { Circuit } from '../../queue/circuit.ts';
import type { Settings } from '../../settings.ts';
import type { Context } from '../../types.ts';
import { Heartbeats } from './heartbeats.ts';
import { isAmidRound, nextSweep, type NextSweep } from './next-sweep.ts';
import { resendIntakes } from './resend-intakes.ts';
import { sweep, type Swept } from './sweep.ts';
import type { EventMark, UnsweptEvents } from './unswept-events.ts';

export interface Sweeper {
  circuit: Circuit;
  /** Sweeps when a sweep is due and no other worker is at it; false when not. */
  pass: () => Promise<boolean>;
  /** Whether the last sweep here left pages of its round unread. */
  isAmid: () => boolean;
  /** When the next sweep is due, in epoch milliseconds. */
  nextAt: () => Promise<number>;
}

/** While work in hand has to be finished first, a round may take so long: then pending work counts as not read yet. */
const LONGEST_ROUND_MS = 10 * 60_000;

const latestOf = ({ retry, deferral, leaseMs, answerMaxMs }: Settings, now: number): Latest => ({
  attempt: new Date(now + Math.max(retry.maxMs, deferral.maxMs)),
  lease: new Date(now + leaseMs),
  answer: new Date(now + answerMaxMs),
});

/**
 * Sweeps at the poll interval, sooner when woken, later while one of the sides is unavailable. Workers on one
 * database share the interval. `external` is the circuit of what is swept.
 */
export const createSweeper = (
  context: Context,
  salesforce: SalesforcePort,
  external: Circuit,
  events: UnsweptEvents,
): Sweeper => {
  const { clock, settings, worker, db, log } = context;
  const circuit = new Circuit(settings.outage, context.random);
  const heartbeats = new Heartbeats(context);
  let amid = false;

  const end = async (state: SweepState, started: number, hasRoom: boolean, swept: Swept): Promise<void> => {
    const now = clock.now();
    amid = swept.caseCursor !== null || swept.tombstoneCursor !== null;
    const roundBeganAt = isAmidRound(state) ? state.round_began_at : new Date(started);
    const readUntil = swept.isWhole ? roundBeganAt : state.read_until;
    const isAbreast = hasRoom || (readUntil !== null && now - readUntil.getTime() <= LONGEST_ROUND_MS);
    const isClear = isAbreast && !external.state.open && !swept.isPaused;
    await endSweep(db, worker, {
      nextAt: new Date(amid ? now : now + settings.pollIntervalMs),
      sweptAt: new Date(now),
      caseCursor: swept.caseCursor,
      tombstoneCursor: swept.tombstoneCursor,
      clearSince: isClear ? (state.clear_since ?? (swept.isWhole ? new Date(now) : null)) : null,
      roundBeganAt,
      readUntil,
    });
  };

  const fail = async (error: unknown): Promise<void> => {
    // nothing is wrong with Salesforce, and the sweep cannot be given back: that is left to the loop
    if (isDatabaseUnavailable(error)) throw error;
    const foreseen = error instanceof TargetUnavailable || error instanceof BatchRefused;
    const code = foreseen ? error.code : 'INTERNAL_ERROR';
    circuit.fail(clock.now(), code, error instanceof TargetUnavailable ? error.retryAfterMs : undefined);
    const retryAt = new Date(circuit.state.retryAt!);
    const detail = { code, ...describeError(error), retryAt: retryAt.toISOString() };
    log(foreseen ? 'warn' : 'error', 'sweep failed', detail);
    await breakOffSweep(db, worker, retryAt);
  };

  const run = async (state: SweepState, { most, hasRoom }: NextSweep, answered: EventMark | null): Promise<void> => {
    const started = clock.now();
    const heartbeat = heartbeats.due(state.clear_since);
    const swept = await sweep(context, salesforce, most, heartbeat);
    if (heartbeat) heartbeats.told(heartbeat);
    const resent = await resendIntakes(context);
    await foldDepths(db);
    await clampTimes(db, new Date(started), latestOf(settings, started));
    circuit.succeed();
    const ended = clock.now();
    if (answered && swept.isWhole) await saveReplayId(db, answered.channel, answered.replayId, new Date(ended));
    else if (answered) events.note(answered);
    log('debug', 'swept', { queued: swept.queued + resent, durationMs: ended - started });
    await end(state, started, hasRoom, swept);
  };

  const pass = async (): Promise<boolean> => {
    const now = clock.now();
    if (circuit.allowance(now) === 0) return false;
    const state = await readSweepState(db);
    const next = await nextSweep(context, state, external, now);
    if (next.at > now) return false;
    if (!(await leaseSweep(db, worker, state, new Date(now), new Date(now + settings.leaseMs)))) return false;
    const answered = events.take();
    try {
      await run(state, next, answered);
    } catch (error) {
      if (answered) events.note(answered);
      await fail(error);
    }
    return true;
  };

  const nextAt = async (): Promise<number> => {
    const now = clock.now();
    const { at } = await nextSweep(context, await readSweepState(db), external, now);
    return Math.max(at, circuit.state.retryAt ?? at);
  };
  return { circuit, pass, isAmid: () => amid, nextAt };
};
