import { CASES } from './name.ts';
import { isDatabaseUnavailable } from '../../../shared/sql/errors.ts';
import { BatchRefused, TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import type { SalesforcePort } from './salesforce/port.ts';
import {
  type SweepState,
  breakOffSweep,
  cutRound,
  endSweep,
  leaseSweep,
  readSweepState,
  releaseSweep,
  wakeSweep,
} from './db/sweep-state.ts';
import { saveReplayId } from '../../../middle-layer/db/replay-ids.ts';
import { describeError } from '../../../middle-layer/log.ts';
import { Circuit } from '../../../middle-layer/queue/circuit.ts';
import type { Source } from '../../../middle-layer/flow.ts';
import { paceAfter } from '../../../middle-layer/queue/pace.ts';
import type { BudgetState, FlowContext } from '../../../middle-layer/types.ts';
import type { Listening } from './listening.ts';
import { EagerLooks } from './eager-looks.ts';
import { Heartbeats } from './heartbeats.ts';
import { isAmidRound, isCutOff, nextSweep, type ExternalCircuit, type NextSweep } from './next-sweep.ts';
import { clampAnswers } from './db/intakes.ts';
import { resendIntakes } from './resend-intakes.ts';
import { afterFailure } from './slices.ts';
import { isAhead, noticeRestoredSide, restoredSide } from './restored-side.ts';
import { sweep, type Swept } from './sweep.ts';
import { Wakefulness, WINDOW_MS } from './wakefulness.ts';
import type { EventMark, UnsweptEvents } from './unswept-events.ts';

/** While work in hand has to be finished first, a round may take so long: then pending work counts as not read yet. */
const MAX_ROUND_MS = 10 * 60_000;

/** What Salesforce says of a query that took longer than it may (REST API Developer Guide, "Status Codes and Error Responses"). */
const QUERY_TIMEOUT = 'QUERY_TIMEOUT';
/** It says nothing at all when we did not wait for so long. */
const TOO_SLOW = new Set([QUERY_TIMEOUT, 'NO_ANSWER']);

/** Longer than any restart: Cases that were saved meanwhile have waited, and people have seen them wait. */
const SILENCE_MS = 15 * 60_000;

/** Of the API calls that are left of a day, this share is for sweeps that come by themselves: the others carry what they find. */
const SWEEPS_SHARE = 0.5;

/** How far sweeps must be apart so that the day's API calls last, in milliseconds; 0: a flow without a budget has as many as it needs. */
const affordableGap = (budget: BudgetState | null, now: number): number =>
  budget === null ? 0 : (budget.turnsAt.getTime() - now) / Math.max(1, (budget.perDay - budget.used) * SWEEPS_SHARE);

/** The first sweep after a silence says how long it was, and what becomes of the Cases that were saved in it. */
const noticeSilence = ({ notices, flow }: FlowContext, { swept_at: last }: SweepState, now: number): void => {
  const silentMs = last === null ? 0 : now - last.getTime();
  if (last === null || silentMs < SILENCE_MS) return;
  notices.note('silence over', {
    what: `nothing was carried for ${Math.round(silentMs / 60_000)} minutes, from ${last.toISOString()} to ${new Date(now).toISOString()}`,
    remedy: `Cases that were saved meanwhile are being carried by themselves, those that failed with NO_ANSWER too; prove it afterwards with npm run reconcile -- --flow ${flow}`,
    at: now,
  });
};

/**
 * Sweeps at the poll interval, sooner when woken, later while one of the sides is unavailable. Workers on one
 * database share the interval. `external` is the circuit of what is swept; `onQueued` is told when messages were queued.
 */
export const createSweeper = (
  context: FlowContext,
  salesforce: SalesforcePort,
  external: ExternalCircuit,
  events: UnsweptEvents,
  listening: Listening,
  onQueued: () => void,
): Source => {
  const { clock, settings, worker, db, log } = context;
  const circuit = new Circuit(settings.outage, context.random);
  const heartbeats = new Heartbeats(context);
  const wakefulness = new Wakefulness();
  const eagerLooks = new EagerLooks(settings.eagerLooksADay);
  let amid = false;
  /** The newest heartbeat that this process has told, or has tried to. */
  let triedAt = -Infinity;
  /** Why the last sweep may have asked for too much at once. */
  let tooSlow: string | null = null;

  const end = async (state: SweepState, started: number, next: NextSweep, swept: Swept): Promise<void> => {
    const now = clock.now();
    const { caseCursor, tombstoneCursor, slices } = swept;
    amid = isAmidRound({ case_cursor: caseCursor, tombstone_cursor: tombstoneCursor, slice: slices.slice });
    const roundBeganAt = isAmidRound(state) ? state.round_began_at : new Date(started);
    const readUntil = swept.isWhole ? roundBeganAt : state.read_until;
    const isAbreast = next.hasRoom || (readUntil !== null && now - readUntil.getTime() <= MAX_ROUND_MS);
    const cutOff = isCutOff(external, next.externalWaits || swept.queued > 0, now);
    const isClear = isAbreast && !cutOff && !swept.isPaused;
    wakefulness.swept(now, swept.queued);
    const gap = await gapAfter(swept, now);
    await endSweep(db, worker, {
      nextAt: new Date(amid ? now : now + gap),
      sweptAt: new Date(now),
      caseCursor,
      tombstoneCursor,
      slices,
      clearSince: isClear ? (state.clear_since ?? (swept.isWhole ? new Date(now) : null)) : null,
      roundBeganAt,
      readUntil,
      queued: swept.queued,
      shownAt: swept.shown === null || isAhead(swept.shown, now) ? state.shown_at : new Date(swept.shown),
    });
  };

  /** How long until the next sweep that no event asks for, in milliseconds. */
  const gapAfter = async ({ isPollOnly, queued }: Swept, now: number): Promise<number> => {
    const { awakeGapMs, pollIntervalMs, wakeGapMs } = settings;
    if (isPollOnly || !wakefulness.isAwake(now, awakeGapMs)) return pollIntervalMs;
    const atMost = Math.min(pollIntervalMs, awakeGapMs);
    const eager = Math.max(wakefulness.gapMs(now, awakeGapMs), paceAfter(queued, wakeGapMs));
    const gap = Math.min(atMost, Math.max(eager, affordableGap(await context.budget.read(), now)));
    return gap < atMost && eagerLooks.take(now) ? gap : atMost;
  };

  /** For how long sweeps come by themselves, whatever events say: while pages are left, and while nothing can leave. */
  const busyFor = (state: SweepState, { externalWaits }: NextSweep): number => {
    if (isCutOff(external, externalWaits, clock.now())) return settings.outagePollIntervalMs;
    return isAmidRound(state) ? WINDOW_MS : 0;
  };

  /** A heartbeat of one's own that could not be remembered, such as on a full disk, is no sign of a backup. */
  const tellRestored = (shown: number | null, state: SweepState, toldBefore: number): void => {
    const now = clock.now();
    const side = restoredSide(shown, state, now);
    const isOwn = side !== 'Salesforce' && shown !== null && shown <= toldBefore;
    if (side && !isOwn) noticeRestoredSide(context, side, { shown, known: state, now });
  };

  const tellListening = (isPollOnly: boolean): void => {
    if (listening.isWanted === isPollOnly)
      log('info', isPollOnly ? 'poll only' : 'listening', { pollIntervalMs: settings.pollIntervalMs });
    listening.want(!isPollOnly);
  };

  const fail = async (error: unknown): Promise<void> => {
    // nothing is wrong with Salesforce, and the sweep cannot be given back: that is left to the loop
    if (isDatabaseUnavailable(error)) throw error;
    const foreseen = error instanceof TargetUnavailable || error instanceof BatchRefused;
    const code = foreseen ? error.code : 'INTERNAL_ERROR';
    tooSlow = TOO_SLOW.has(code) ? code : null;
    circuit.fail(clock.now(), code, error instanceof TargetUnavailable ? error.retryAfterMs : undefined);
    const retryAt = new Date(circuit.state.retryAt!);
    const detail = { code, ...describeError(error), retryAt: retryAt.toISOString() };
    log(foreseen ? 'warn' : 'error', 'sweep failed', detail);
    await breakOffSweep(db, worker, retryAt);
  };

  const run = async (state: SweepState, next: NextSweep, answered: EventMark | null): Promise<void> => {
    if (tooSlow !== null) await cutRound(db, afterFailure(state, await salesforce.sample(), tooSlow === QUERY_TIMEOUT));
    tooSlow = null;
    const started = clock.now();
    const awakeUntil = listening.isWanted ? wakefulness.due(started, busyFor(state, next)) : null;
    const heartbeat = heartbeats.due(state.clear_since, awakeUntil);
    const toldBefore = triedAt;
    if (heartbeat) triedAt = Date.parse(heartbeat.sweptAt);
    const swept = await sweep(context, salesforce, next.most, heartbeat);
    if (swept.queued > 0) onQueued();
    if (heartbeat) heartbeats.told(heartbeat);
    if (awakeUntil !== null) wakefulness.told(awakeUntil);
    tellListening(swept.isPollOnly);
    const resent = await resendIntakes(context);
    await clampAnswers(db, new Date(started), new Date(started + settings.answerMaxMs));
    circuit.succeed();
    const ended = clock.now();
    noticeSilence(context, state, started);
    tellRestored(swept.shown, state, toldBefore);
    if (answered && swept.isWhole) await saveReplayId(db, CASES, answered.channel, answered.replayId, new Date(ended));
    else if (answered) events.note(answered);
    log('debug', 'swept', { queued: swept.queued + resent, durationMs: ended - started });
    await end(state, started, next, swept);
  };

  const pass = async (): Promise<boolean> => {
    const now = clock.now();
    if (circuit.allowance(now) === 0) return false;
    const state = await readSweepState(db);
    const next = await nextSweep(context, state, external, now);
    if (next.at > now) return false;
    if (!(await leaseSweep(db, worker, state, new Date(now), settings.leaseMs))) return false;
    const answered = events.take();
    if (state.woken_at !== null) wakefulness.woken(now);
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
    return Math.max(at, circuit.opensAt(now) ?? at);
  };
  return {
    name: 'sweep',
    circuit,
    pass,
    isAmid: () => amid,
    nextAt,
    wake: async () => void (await wakeSweep(db, new Date(clock.now()))),
    release: () => releaseSweep(db, worker),
  };
};
