import type { SweepState } from './db/sweep-state.ts';
import type { Circuit } from '../../../middle-layer/queue/circuit.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { CLOCKS_DIFFER_MS } from '../../../middle-layer/settings.ts';
import { paceAfter } from '../../../middle-layer/queue/pace.ts';
import { roomOf } from './room.ts';

export interface NextSweep {
  /** In epoch milliseconds. */
  at: number;
  /** How many Cases it may take in. */
  most: number;
  /** Whether there is room for what is pending, or work in hand has to be finished first. */
  hasRoom: boolean;
  /** Whether messages wait for the external system. */
  externalWaits: boolean;
}

/** Whether pages of the round that is being read are left. */
export const isAmidRound = (state: Pick<SweepState, 'case_cursor' | 'tombstone_cursor' | 'slice'>): boolean =>
  state.case_cursor !== null || state.tombstone_cursor !== null || state.slice > 0;

/** The breaker of the external system, as far as sweeps ask for it. */
export type ExternalCircuit = Pick<Circuit, 'state' | 'opensAt'>;

/**
 * Whether nothing can leave. A breaker closes with the next message that arrives. While none waits, another worker may
 * have carried the last one: then an open breaker whose pause is over says nothing of the external system.
 */
export const isCutOff = (external: ExternalCircuit, externalWaits: boolean, now: number): boolean =>
  external.state.open && (externalWaits || external.opensAt(now) !== null);

/**
 * When the next sweep is due: at the poll interval, sooner when woken or in the middle of a round and there is room.
 * While the external system cannot be reached nothing could leave, so what is pending stays where it is and the org
 * is asked a few times an hour only, whatever the size of the backlog. While the API calls of the day are used up, a
 * sweep reads the settings alone, at a slow pace, until the day turns. Times of a clock that was ahead do not count.
 */
export const nextSweep = async (
  context: FlowContext,
  state: SweepState,
  external: ExternalCircuit,
  now: number,
): Promise<NextSweep> => {
  const { pollIntervalMs, wakeGapMs, outagePollIntervalMs, spentPollIntervalMs } = context.settings;
  const until = (latest: number, time: Date | null): number | null =>
    time === null || time.getTime() > latest + CLOCKS_DIFFER_MS ? null : time.getTime();
  const swept = until(now, state.swept_at);
  const rested = state.woken_at ? (swept ?? now) + paceAfter(state.queued, wakeGapMs) : Infinity;
  const planned = Math.min(until(now + pollIntervalMs, state.next_sweep_at) ?? now, rested);
  // asked before the first call of a day: from here on its calls are counted
  const budget = await context.budget.read();
  const room = await roomOf(context, now);
  const plan = (earliest: number): NextSweep => ({
    at: Math.max(planned, earliest),
    most: room.most,
    hasRoom: room.isWorthIt,
    externalWaits: room.externalWaits,
  });
  if (swept === null) return plan(planned);
  if (budget?.isSpent)
    return {
      at: Math.min(swept + spentPollIntervalMs, budget.turnsAt.getTime()),
      most: 0,
      hasRoom: false,
      externalWaits: room.externalWaits,
    };
  if (isCutOff(external, room.externalWaits, now)) return plan(swept + outagePollIntervalMs);
  return plan(isAmidRound(state) && !room.isWorthIt ? swept + pollIntervalMs : planned);
};
