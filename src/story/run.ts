import { tryReport } from '../shared/write-report.ts';
import type { StoryArguments } from './arguments.ts';
import type { Chapter, Proven, ToldFlow } from './flow.ts';
import { assignPermissionSet, permissionSetsFor } from './org/set-up.ts';
import type { Progress } from './progress.ts';
import { renderReport, type StoryReport } from './report.ts';
import { settle } from './settle.ts';
import { LocalSystem } from './system.ts';

/** A flow of the story, and its name. */
export interface NamedFlow {
  name: string;
  told: ToldFlow;
}

export interface Told {
  /** Still running. */
  system: LocalSystem;
  chapters: Map<string, Chapter>;
  /** Whether both sides of every flow hold the same. */
  agreed: boolean;
  /** For people. */
  text: string;
  /** Why the report that was asked for could not be written, or null. */
  reportProblem: string | null;
}

/** The figures of the only flow stand beside those of the story; of several, under their names. */
const figuresOf = (proven: Map<string, Proven>): object => {
  const [only, ...others] = [...proven.values()];
  if (only && others.length === 0) return only.figures;
  return { flows: Object.fromEntries([...proven].map(([name, { figures }]) => [name, figures])) };
};

const breakThings = async (
  system: LocalSystem,
  chapters: readonly Chapter[],
  progress: Progress,
): Promise<Record<string, number>> => {
  for (const chapter of chapters) await chapter.untilUnderWay(system);
  const { hasMiddleLayer } = system;
  if (hasMiddleLayer) {
    await system.crash('middleLayer');
    progress.say('middle layer killed in the middle of its work, and started again on its database');
  }
  for (const chapter of chapters) await chapter.breakThings(system, progress);
  return hasMiddleLayer ? { 'middle layer killed': 1 } : {};
};

/** For people; of several flows each under its name. */
const linesOf = (proven: Map<string, Proven>): string[] =>
  [...proven].flatMap(([name, { lines }]) => (proven.size > 1 ? [`flow ${name}`, ...lines, ''] : lines));

const untilSettled = (system: LocalSystem, progress: Progress): Promise<number> =>
  settle(system, (now) => {
    progress.show(
      `pending in Salesforce ${now.pending}, between ${now.queuedBetween}, unsettled outside ${now.unsettledOutside}, +${Math.round(system.offset() / 60_000)} min`,
    );
  });

/** Seeds, breaks, lets everything come to rest, and proves. Returns the milliseconds that passed on the clock, and the faults. */
const play = async (
  system: LocalSystem,
  chapters: readonly Chapter[],
  args: StoryArguments,
  progress: Progress,
): Promise<{ passed: number; faults: Record<string, number> }> => {
  for (const name of permissionSetsFor('admin', system.flows))
    await assignPermissionSet(system.admin, system.org.info.userId, name);
  for (const chapter of chapters) await chapter.seed(system, progress);
  const faults = args.faults ? await breakThings(system, chapters, progress) : {};
  let passed = await untilSettled(system, progress);
  for (const chapter of chapters) await chapter.conclude?.(system, progress);
  passed += await untilSettled(system, progress);
  progress.say('nothing is pending on any side: now both sides are read again and compared');
  return { passed, faults };
};

const prove = async (system: LocalSystem, chapters: Map<string, Chapter>): Promise<Map<string, Proven>> => {
  const proven = new Map<string, Proven>();
  for (const [name, chapter] of chapters) proven.set(name, await chapter.prove(system));
  return proven;
};

/** The whole story on the local parts; resolves with what it came to, and the system still running. */
export const runStory = async (
  flows: readonly NamedFlow[],
  args: StoryArguments,
  progress: Progress,
): Promise<Told> => {
  const began = performance.now();
  const chapters = new Map<string, Chapter>();
  for (const { name, told } of flows) chapters.set(name, await told.prepare(args, progress));
  const all = [...chapters.values()];
  const system = await new LocalSystem(
    all.map(({ flow }) => flow),
    { seed: args.seed, killableOrg: all.some(({ killsOrg = false }) => killsOrg) },
  ).start();
  try {
    const urls = system.flows.flatMap(({ parts }) =>
      parts.map(({ name, title }) => `${title} at ${system.part(name).url}`),
    );
    const between = system.hasMiddleLayer ? [`middle layer at ${system.middleLayer.url}`] : [];
    progress.say([`local org at ${system.org.instanceUrl}`, ...between, ...urls].join(', '));
    const { passed, faults } = await play(system, all, args, progress);
    const proven = await prove(system, chapters);
    const results = [...proven.values()];
    const report: StoryReport = {
      faultsInjected: results.reduce((sum, result) => ({ ...result.faults, ...sum }), faults),
      apiCalls: results.reduce((sum, { apiCalls = 0 }) => sum + apiCalls, await system.apiCalls()),
      clockMinutes: passed / 60_000,
      seconds: (performance.now() - began) / 1000,
    };
    const written = `${JSON.stringify({ ...figuresOf(proven), ...report }, null, 2)}\n`;
    const reportProblem = args.report ? await tryReport(args.report, written) : null;
    const text = renderReport(linesOf(proven), report);
    return { system, chapters, agreed: results.every(({ agreed }) => agreed), text, reportProblem };
  } catch (error) {
    await system.stop();
    throw error;
  }
};
