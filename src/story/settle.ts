import type { FlowStanding } from './parts.ts';
import type { LocalSystem } from './system.ts';

/** One step of the clock while something waits for a retry. */
const STEP_MS = 30_000;
/** One step while records wait for an answer: far below the grace, so that an answer that is coming is not given up. */
const ANSWER_STEP_MS = 120_000;
/** The longest step. Below the grace: a jump that is longer looks like an outage of the middle layer to the org's job, which then waits. */
const MAX_STEP_MS = 10 * 60_000;
/** Nothing takes longer than this on the clock: all backoffs and schedules are far below. */
const MAX_MS = 24 * 3_600_000;
const BREATH_MS = 40;

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, BREATH_MS));

interface Standing extends FlowStanding {
  queuedBetween: number;
  /** Whether a part could do something now, without the clock moving. */
  busy: boolean;
}

export interface MiddleLayerIdle {
  /** Messages that wait or are under way. */
  open: number;
  /** Of these, due now or under way. */
  due: number;
}

const NOTHING_OPEN: MiddleLayerIdle = { open: 0, due: 0 };

const NOTHING: FlowStanding = {
  pending: 0,
  underWay: 0,
  queuedOutside: 0,
  unsettledOutside: 0,
  nextDue: Infinity,
};

const together = (a: FlowStanding, b: FlowStanding): FlowStanding => ({
  pending: a.pending + b.pending,
  underWay: a.underWay + b.underWay,
  queuedOutside: a.queuedOutside + b.queuedOutside,
  unsettledOutside: a.unsettledOutside + b.unsettledOutside,
  nextDue: Math.min(a.nextDue, b.nextDue),
});

const standing = async (system: LocalSystem): Promise<Standing> => {
  const [between, inside] = await Promise.all([
    system.hasMiddleLayer ? system.middleLayer.control.get<MiddleLayerIdle>('/control/idle') : NOTHING_OPEN,
    system.orgControl.post<{ nextDue: number | null }>('/control/run-due', {}),
  ]);
  const flows = await Promise.all(system.flows.map((flow) => flow.standing(system)));
  const all = flows.reduce(together, NOTHING);
  return {
    ...all,
    nextDue: Math.min(all.nextDue, inside.nextDue ?? Infinity),
    queuedBetween: between.open,
    busy: between.due > 0,
  };
};

/**
 * Lets the parts work, moving their clocks on whenever they wait, until nothing is pending on any
 * side. Returns the milliseconds that passed on the clock. Throws when a day on the clock was not enough.
 */
export const settle = async (system: LocalSystem, onStep: (standing: Standing) => void = () => {}): Promise<number> => {
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
    if (system.offset() - start > MAX_MS) {
      throw new Error(
        `not settled after a day on the clock: ${JSON.stringify(now)}; see the dead letters and the logs`,
      );
    }
    const waiting = now.queuedBetween > 0 || now.queuedOutside > 0;
    const until = now.nextDue - (Date.now() + system.offset());
    const longest = now.underWay > 0 ? ANSWER_STEP_MS : MAX_STEP_MS;
    await system.advance(waiting ? STEP_MS : Math.min(Math.max(until + 1_000, STEP_MS), longest));
  }
};
