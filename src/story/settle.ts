import type { OrgConnection } from './org/connect.ts';
import type { System } from './system.ts';

/** One step of the clock while something waits for a retry. */
const STEP_MS = 30_000;
/** One step while Cases wait for an answer: far below the grace, so that an answer that is coming is not given up. */
const ANSWER_STEP_MS = 120_000;
/** The longest step. Below the grace: a jump that is longer looks like an outage of the middle layer to the org's job, which then waits. */
const LONGEST_STEP_MS = 10 * 60_000;
/** Nothing takes longer than this on the clock: all backoffs and schedules are far below. */
const LONGEST_MS = 24 * 3_600_000;
const BREATH_MS = 40;

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, BREATH_MS));

interface Standing {
  pending: number;
  /** Of these, requests and write-backs: on their way, or lost. */
  underWay: number;
  queuedOutside: number;
  unsettledOutside: number;
  queuedBetween: number;
  /** Whether a part could do something now, without the clock moving. */
  busy: boolean;
  /** When a job of the org or a poller of the registry is due, in epoch milliseconds. */
  nextDue: number;
}

interface ExternalIdle {
  queued: number;
  unsettled: number;
  /** When a poller triggers the next record again. */
  next_trigger: string | null;
}

export interface MiddleLayerIdle {
  /** Messages that wait or are under way. */
  open: number;
  /** Of these, due now or under way. */
  due: number;
}

/** Cases by what they wait for. */
const pendingCases = async (connection: OrgConnection): Promise<Map<string, number>> => {
  const { records } = await connection.query<{ pending: string; n: number }>(
    'SELECT Sync_Pending__c pending, COUNT(Id) n FROM Case WHERE Sync_Pending__c != null GROUP BY Sync_Pending__c',
  );
  return new Map(records.map(({ pending, n }) => [pending, n]));
};

const standing = async (system: System): Promise<Standing> => {
  const [outside, between, inside] = await Promise.all([
    system.external.control.get<ExternalIdle>('/control/idle'),
    system.middleLayer.control.get<MiddleLayerIdle>('/control/idle'),
    system.orgControl.post<{ nextDue: number | null }>('/control/run-due', {}),
  ]);
  const pending = await pendingCases(system.admin);
  const retries = pending.get('Retry') ?? 0;
  const underWay = (pending.get('Request') ?? 0) + (pending.get('WriteBack') ?? 0);
  return {
    pending: retries + underWay,
    underWay,
    queuedOutside: outside.queued,
    unsettledOutside: outside.unsettled,
    queuedBetween: between.open,
    busy: between.due > 0,
    nextDue: Math.min(outside.next_trigger ? Date.parse(outside.next_trigger) : Infinity, inside.nextDue ?? Infinity),
  };
};

/**
 * Lets the parts work, moving their clocks on whenever they wait, until nothing is pending on any
 * side. Returns the milliseconds that passed on the clock. Throws when a day on the clock was not enough.
 */
export const settle = async (system: System, onStep: (standing: Standing) => void = () => {}): Promise<number> => {
  const start = system.offset();
  let quiet = 0;
  for (;;) {
    await breathe();
    const now = await standing(system);
    onStep(now);
    if (now.busy) continue;
    const left = now.pending + now.queuedOutside + now.unsettledOutside + now.queuedBetween;
    quiet = left === 0 ? quiet + 1 : 0;
    if (quiet === 2) return system.offset() - start;
    if (system.offset() - start > LONGEST_MS) {
      throw new Error(
        `not settled after a day on the clock: ${JSON.stringify(now)}; see the dead letters and the logs`,
      );
    }
    const waiting = now.queuedBetween > 0 || now.queuedOutside > 0;
    const until = now.nextDue - (Date.now() + system.offset());
    const longest = now.underWay > 0 ? ANSWER_STEP_MS : LONGEST_STEP_MS;
    await system.advance(waiting ? STEP_MS : Math.min(Math.max(until + 1_000, STEP_MS), longest));
  }
};
