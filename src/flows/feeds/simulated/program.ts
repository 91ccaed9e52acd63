/** The program of feeds as a process: it does what it is asked, run after run, and may end anywhere. */
import { json } from 'kernel/http.ts';
import type { Clock } from 'kernel/clock.ts';
import type { Column, View } from '../../../feeds/source/types.ts';
import type { Course } from './judge.ts';
import { openFeedDatabase } from '../../../feeds/db/open.ts';
import { decide, runFeed, type FeedParts, type RunOutcome } from '../../../feeds/run.ts';
import { FeedService } from '../../../feeds/service.ts';
import { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { underSession } from '../../../shared/salesforce/under-session.ts';
import { API_VERSION } from '../../../shared/salesforce/version.ts';
import type { ProcessPlan, Surroundings } from '../../../simulation/process.ts';
import { COMPANIES, type FeedKind } from './config.ts';
import { BY_SCHEDULE, type Command, type Scene } from './scene.ts';
import { ViewsOfCompany } from './views.ts';

/** The process was held up for longer than anybody believed it to live, and another one took its run over: it ends. */
const isTakenOver = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('another process took this run over');

const partsOf = (scene: Scene, { db, clock, random, transport }: Surroundings, source: ViewsOfCompany): FeedParts => {
  const own: Clock = { now: () => clock.now(), sleep: (ms) => scene.pass(ms) };
  const send = underSession({
    sessions: {
      session: async () => ({ accessToken: await scene.session(), instanceUrl: 'http://org' }),
      end: () => scene.endSession(),
    },
    transport,
    now: () => own.now(),
  });
  return {
    config: scene.config,
    db,
    source,
    client: new SalesforceClient(send, API_VERSION),
    clock: own,
    random,
    bulkFrom: scene.drawn.bulkFrom,
    ...(scene.drawn.bytesAJob === null ? {} : { bytesAJob: scene.drawn.bytesAJob }),
  };
};

/** One run, from its begin to its judgement. False: it ended the command. */
const runOne = async (
  scene: Scene,
  process: string,
  surroundings: Surroundings,
  command: Command,
  feed: FeedKind,
): Promise<boolean> => {
  const { company, isDry = false, decision } = command;
  const course = scene.begins(process, company, feed, isDry);
  const source = new ViewsOfCompany(company, surroundings.transport, async (_name, reading) =>
    scene.hasRead(course, reading),
  );
  const parts = partsOf(scene, surroundings, source);
  let outcome: RunOutcome;
  try {
    outcome = decision
      ? await decide(parts, decision)
      : await runFeed(parts, scene.config.feed(company, feed), { isDry });
  } catch (error) {
    if (!isTakenOver(error)) throw error;
    scene.takenOver(course);
    return false;
  }
  if (decision && !outcome.reasons.join().startsWith('Salesforce does not take the decision'))
    scene.hasDecided(decision.key);
  await scene.ended(course, outcome);
  return true;
};

/** `queue`: what it is asked, first come, first served. A command whose process ends is lost with it. */
export const programOf = (scene: Scene, name: string, queue: Command[]): ProcessPlan => ({
  name,
  host: name.replaceAll(' ', '-'),
  watch: (inner) => scene.watch.over(inner, name),
  start: async (surroundings) => {
    await openFeedDatabase(surroundings.db);
    return {
      handle: async () => json(404, {}),
      work: [
        async () => {
          const command = queue.shift() ?? scene.due(name);
          if (!command) return;
          for (const feed of command.feeds) if (!(await runOne(scene, name, surroundings, command, feed))) return;
        },
      ],
    };
  },
});

/** A source that tells when a run begins: a run asks for the columns of its view first. */
class WatchedViews extends ViewsOfCompany {
  readonly #onBegin: (feed: FeedKind) => void;

  constructor(
    company: string,
    surroundings: Surroundings,
    on: { begin: (feed: FeedKind) => void; read: (reading: number) => Promise<void> },
  ) {
    super(company, surroundings.transport, async (_name, reading) => on.read(reading));
    this.#onBegin = on.begin;
  }

  override columns(view: View): Promise<Column[]> {
    this.#onBegin(view.name as FeedKind);
    return super.columns(view);
  }
}

/** The program as it runs by itself, by the schedules of all companies. A round is its look at the clock. */
export const programBySchedule = (scene: Scene): ProcessPlan => ({
  name: BY_SCHEDULE,
  host: BY_SCHEDULE.replaceAll(' ', '-'),
  watch: (inner) => scene.watch.over(inner, BY_SCHEDULE),
  start: async (surroundings) => {
    await openFeedDatabase(surroundings.db);
    const { signal } = new AbortController();
    const course = (): Course => scene.watch.courses.get(BY_SCHEDULE)!;
    const service = new FeedService({
      config: scene.config,
      db: surroundings.db,
      clock: surroundings.clock,
      companies: COMPANIES,
      open: async (company) => {
        const source = new WatchedViews(company, surroundings, {
          begin: (feed) => void scene.begins(BY_SCHEDULE, company, feed, false),
          read: (reading) => scene.hasRead(course(), reading),
        });
        return { ...partsOf(scene, surroundings, source), close: () => source.close() };
      },
      onRun: (_feed, told) => scene.ended(course(), told),
      onError: () => {},
    });
    return {
      handle: service.handler,
      work: [
        async () => {
          await service.pass(signal).catch((error: unknown) => {
            if (!isTakenOver(error)) throw error;
            scene.takenOver(course());
          });
        },
      ],
    };
  },
});
