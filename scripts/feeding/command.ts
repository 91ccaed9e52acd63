/** The command `npm run feed`, from its arguments to its exit code: see FEED_USAGE. */
import { userInfo } from 'node:os';
import { systemRandom } from 'kernel/random.ts';
import { readFeedConfig, secretOf, type FeedConfig } from '../../src/feeds/config.ts';
import { openFeedDatabase } from '../../src/feeds/db/open.ts';
import { runByKey } from '../../src/feeds/db/runs.ts';
import { failedRows } from '../../src/feeds/db/rows.ts';
import { differencesOf, MAX_SHOWN } from '../../src/feeds/differences.ts';
import { writeFiles } from '../../src/feeds/files.ts';
import { decide, runFeed, type FeedParts, type RunOutcome } from '../../src/feeds/run.ts';
import { openSource } from '../../src/feeds/source/open.ts';
import { openDatabase, WAIT_MS } from '../../src/shared/sql/open.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import type { ServiceParts } from '../../src/feeds/service.ts';
import { tryReport } from '../../src/shared/write-report.ts';
import { FEED_USAGE, readFeedArguments, type FeedArguments } from './arguments.ts';
import { reachSalesforce, type Reached } from './salesforce.ts';
import { serveFeeds } from './serve.ts';
import { renderHtml, renderJson, renderText, type ToldRun } from './told.ts';

const HELD_EXIT = 3;
const UNUSABLE_EXIT = 2;

/** The worst comes first: what cannot be used, then what waits for a person, then what failed. */
const exitCodeOf = (outcomes: readonly RunOutcome[]): number => {
  const has = (...statuses: RunOutcome['status'][]): boolean =>
    outcomes.some(({ status }) => statuses.includes(status));
  if (has('unusable')) return UNUSABLE_EXIT;
  if (has('held') || outcomes.some(({ run, status }) => status === 'busy' && run?.status === 'held')) return HELD_EXIT;
  return has('rows failed', 'failed', 'interrupted', 'busy') ? 1 : 0;
};

/** What the command has around it: the variables of its process, and where its words go. */
export interface CommandPlace {
  variables: Readonly<Record<string, string | undefined>>;
  output: { write: (text: string) => unknown };
  errors: { write: (text: string) => unknown; isTTY?: boolean };
}

interface Surroundings extends CommandPlace {
  config: FeedConfig;
  db: Database;
  salesforce: Reached;
}

/** What a run of a company's feeds works with. The source is opened for it, and closed by whoever asked. */
const partsFor = async (
  { config, db, salesforce, variables, errors }: Surroundings,
  company: string,
): Promise<FeedParts> => {
  const settings = config.company(company);
  return {
    config,
    db,
    source: await openSource(settings.source, { password: secretOf(settings, variables) }),
    client: salesforce.client(),
    clock: salesforce.clock,
    random: systemRandom,
    onProgress: (stage, rows) => errors.isTTY && errors.write(`\r${rows} ${stage}`),
  };
};

/** What a run leaves besides its outcome. */
const tell = async (
  parts: FeedParts,
  { company, feed, object }: { company: string; feed: string; object: string },
  outcome: RunOutcome,
  args: FeedArguments,
): Promise<ToldRun> => {
  const { run, plan, status } = outcome;
  const isUnwritten = status === 'dry run' || status === 'held';
  const hasRead = run !== null && status !== 'busy' && outcome.counts.failed > 0;
  return {
    company,
    feed,
    outcome,
    differences: isUnwritten && run && plan ? await differencesOf(parts, object, { plan, run }) : [],
    refused: hasRead ? await failedRows(parts.db, run, '', MAX_SHOWN) : [],
    files: run && status !== 'busy' && args.files !== null ? await writeFiles(parts.db, run, args.files) : [],
  };
};

const runAll = async (surroundings: Surroundings, args: FeedArguments): Promise<ToldRun[]> => {
  const { config } = surroundings;
  const company = args.company!;
  const names = args.feed === null ? config.feeds : [config.feed(company, args.feed).name];
  const parts = await partsFor(surroundings, company);
  const told: ToldRun[] = [];
  try {
    for (const name of names) {
      const feed = config.feed(company, name);
      const outcome = await runFeed(parts, feed, { isDry: args.isDry });
      told.push(await tell(parts, { company, feed: name, object: feed.object }, outcome, args));
    }
  } finally {
    await parts.source.close();
  }
  return told;
};

const decideOne = async (
  surroundings: Surroundings,
  args: FeedArguments,
  { word, key }: { word: 'release' | 'reject'; key: string },
): Promise<ToldRun[]> => {
  const run = await runByKey(surroundings.db, key);
  if (!run) {
    surroundings.errors.write(`no run has the key ${key}; a held run tells its own\n`);
    return [];
  }
  const { company, feed } = run;
  const parts = await partsFor(surroundings, company);
  try {
    const outcome = await decide(parts, { key, word, by: userInfo().username });
    const { object } = surroundings.config.feed(company, feed);
    return [await tell(parts, { company, feed, object }, outcome, args)];
  } finally {
    await parts.source.close();
  }
};

/** False when a file could not be written, which is told: the runs themselves are done. */
const report = async (
  { output, errors }: CommandPlace,
  told: ToldRun[],
  { json, html }: FeedArguments,
): Promise<boolean> => {
  output.write(json === '-' ? renderJson(told) : renderText(told));
  const problems = [
    json && json !== '-' ? await tryReport(json, renderJson(told)) : null,
    html ? await tryReport(html, renderHtml(told)) : null,
  ].filter((problem) => problem !== null);
  for (const problem of problems) errors.write(`${problem}\n`);
  return problems.length === 0;
};

/** Runs feeds by their schedules, until the process is told to stop. */
const serve = (surroundings: Surroundings, company: string | null, port: number): Promise<never> => {
  const { config, db, salesforce, variables } = surroundings;
  const companies = company === null ? config.companies : [company];
  const secrets = companies.map((name) => secretOf(config.company(name), variables));
  const open: ServiceParts['open'] = async (name) => {
    const { onProgress: _, ...parts } = await partsFor(surroundings, name);
    return { ...parts, close: () => parts.source.close() };
  };
  return serveFeeds({ config, db, clock: salesforce.clock, companies, open }, { port, secrets });
};

/** Runs the command to its end, and resolves with its exit code; with `--serve` it never does. Rejects with UnusableInput. */
export const feedCommand = async (words: string[], place: CommandPlace): Promise<number> => {
  const { variables, output, errors } = place;
  const args = readFeedArguments(words, variables);
  if (args === 'help') {
    output.write(`${FEED_USAGE}\n`);
    return 0;
  }
  const config = await readFeedConfig(args.config);
  if (args.company !== null) secretOf(config.company(args.company), variables);
  if (args.company !== null && args.feed !== null) config.feed(args.company, args.feed);
  const salesforce = await reachSalesforce(args.targetOrg, variables);
  const url = variables.FEEDS_DATABASE_URL || null;
  const dataDir = variables.FEEDS_DATA_DIR || '.concord/feeds';
  const db = await openDatabase({ url, dataDir, waitMs: WAIT_MS }, (level, event) => {
    if (level === 'warn') errors.write(`${event}\n`);
  });
  try {
    await openFeedDatabase(db);
    const surroundings = { ...place, config, db, salesforce };
    if (args.serve !== null) return await serve(surroundings, args.company, args.serve.port);
    const told = args.decision ? await decideOne(surroundings, args, args.decision) : await runAll(surroundings, args);
    const isWritten = await report(place, told, args);
    if (told.length === 0) return UNUSABLE_EXIT;
    return isWritten ? exitCodeOf(told.map(({ outcome }) => outcome)) : 1;
  } finally {
    await db.close();
  }
};
