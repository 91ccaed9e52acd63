/** The program of feeds as a process: it does what it is asked, run after run, and may end anywhere. */
import { json } from 'kernel/http.ts';
import type { Clock } from 'kernel/clock.ts';
import { openFeedDatabase } from '../../../feeds/db/open.ts';
import { decide, runFeed, type FeedParts, type RunOutcome } from '../../../feeds/run.ts';
import { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { underSession } from '../../../shared/salesforce/under-session.ts';
import { API_VERSION } from '../../../shared/salesforce/version.ts';
import type { ProcessPlan, Surroundings } from '../../../simulation/process.ts';
import type { FeedKind } from './config.ts';
import type { Command, Scene } from './scene.ts';
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
