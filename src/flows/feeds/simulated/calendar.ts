/** What must hold of runs by schedule, written from docs/feeds.md: at its hour, made up for once, and not twice. */
import type { RunOutcome } from '../../../feeds/run.ts';
import { Violation } from '../../../simulation/process.ts';
import type { World } from '../../../simulation/world.ts';
import { nameOf } from './config.ts';

/** What is told of a run that has ended. */
export type Ended = Pick<RunOutcome, 'run' | 'status' | 'counts' | 'reasons' | 'findings'>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** `0 5 * * *`, in UTC: see config.ts. */
const AT = 5 * HOUR;

/** The last moment of the schedule that is not after this one. */
const dueAt = (moment: number): number => Math.floor((moment - AT) / DAY) * DAY + AT;

/** A run that came to a good end. */
interface Kept {
  /** By the clock of its process. */
  startedAt: number;
  bySchedule: boolean;
}

export class Calendar {
  readonly #world: World;
  readonly #runs = new Map<string, Map<string, Kept>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Good runs of a feed since a moment. */
  since(name: string, moment: number): Kept[] {
    return [...(this.#runs.get(name)?.values() ?? [])].filter(({ startedAt }) => startedAt >= moment);
  }

  /** A run has ended that nobody had to decide on. Rejects with Violation when the schedule ran a feed that had run since it was due. */
  async note({ run, status }: Ended, bySchedule: boolean): Promise<void> {
    if (run === null || (status !== 'succeeded' && status !== 'rows failed')) return;
    const name = nameOf(run.company, run.feed);
    if (bySchedule) {
      // by their numbers: clocks of processes differ
      const [before] = await this.#world.db.query<{ status: string; started_at: Date }>(
        `SELECT status, started_at FROM feed_run WHERE company = $1 AND feed = $2 AND id < $3 AND status <> 'dry run' ORDER BY id DESC LIMIT 1`,
        [run.company, run.feed, run.id],
      );
      const hadRun = before?.status === 'succeeded' || before?.status === 'rows failed';
      if (hadRun && before.started_at.getTime() >= dueAt(run.started_at.getTime()))
        throw new Violation(
          `the schedule ran ${name} at ${run.started_at.toISOString()}, which had run at ${before.started_at.toISOString()}`,
        );
    }
    const runs = this.#runs.get(name) ?? new Map<string, Kept>();
    this.#runs.set(name, runs.set(run.key, { startedAt: run.started_at.getTime(), bySchedule }));
  }
}
