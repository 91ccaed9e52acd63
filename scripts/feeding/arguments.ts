import { readArgs, unusable, UnusableInput, wholeNumber } from 'kernel/command-line.ts';
import { placeProblem } from '../../src/shared/write-report.ts';

export interface FeedArguments {
  config: string;
  company: string | null;
  /** Null: all of them, parents first. */
  feed: string | null;
  isDry: boolean;
  /** Run feeds by their schedules, and tell how they stand at this port (0: any that is free). */
  serve: { port: number } | null;
  /** A person's word on a held run. */
  decision: { word: 'release' | 'reject'; key: string } | null;
  json: string | null;
  html: string | null;
  /** Where the three files of each run go. */
  files: string | null;
  targetOrg: string | null;
}

const DEFAULT_CONFIG = 'feeds.json';

export const FEED_USAGE = `npm run feed -- --company NAME [--feed NAME] [--dry-run] [--config FILE] [--json FILE|-] [--html FILE] [--files FOLDER] [--target-org USER]
npm run feed -- --serve [--port N] [--company NAME] [--config FILE] [--target-org USER]
npm run feed -- --release RUN | --reject RUN [--config FILE] [--json FILE|-] [--html FILE] [--files FOLDER] [--target-org USER]

  Reads the views of a company and brings Salesforce to agree with them: accounts, stores, agreements, parents first.

  --company     whose views; one of the configuration
  --feed        one feed alone (default: all of them, parents before children)
  --dry-run     show what would be created and changed, field by field, and write nothing to Salesforce
  --serve       keep running: start each company's feeds by their schedules, make up once for what was missed, and answer GET /ready
                at http://127.0.0.1:PORT (default: any free one), which the first line on the output names
  --release     write what a held run had planned; --reject: drop it. RUN is its key, which the held run told
  --config      companies, views, mappings and policies (default: what FEEDS_CONFIG names, or feeds.json in this folder)
  --json, --html  what the runs did, as a list or as one page; both quote values
  --files       an existing folder: of each run the rows that succeeded, failed (with reasons) and were not processed
  --target-org  an org that this machine is logged in to (default: the org of SALESFORCE_URL, or the local org that npm start keeps running)

  It logs in as an integration user; no password is used:
  SALESFORCE_URL                             the org, for example https://example.my.salesforce.com
  SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET   an External Client App (client credentials); or, by JWT bearer:
  SALESFORCE_CLIENT_ID, SALESFORCE_USERNAME, SALESFORCE_PRIVATE_KEY (PEM), SALESFORCE_LOGIN_URL; or
  SALESFORCE_ACCESS_TOKEN                    a session, for scratch and local orgs
  SALESFORCE_CLIENT_SECRET_FILE, SALESFORCE_PRIVATE_KEY_FILE   in place of the values: files that their owner alone may read

  Its tables are in FEEDS_DATABASE_URL (a PostgreSQL server), or in the folder FEEDS_DATA_DIR (default .concord/feeds).
  Secrets of the companies' databases are read from the variables or files that the configuration names.

exit 0: done · 1: rows failed or wait, or a run broke off · 2: unusable arguments or configuration · 3: held, waits for a person`;

const decisionOf = (release?: string, reject?: string): FeedArguments['decision'] => {
  if (release !== undefined && reject !== undefined)
    throw new UnusableInput('--release and --reject contradict each other; give one of them');
  if (release !== undefined) return { word: 'release', key: release };
  return reject === undefined ? null : { word: 'reject', key: reject };
};

const ALONE = ['feed', 'dry-run', 'release', 'reject', 'json', 'html', 'files'] as const;

const serveOf = (values: Record<string, string | boolean | undefined>): FeedArguments['serve'] => {
  const { serve, port } = values;
  if (serve !== true) {
    if (port !== undefined) throw unusable('--port belongs to --serve', FEED_USAGE);
    return null;
  }
  const other = ALONE.find((name) => values[name] !== undefined);
  if (other) throw unusable(`--serve runs feeds by their schedules; --${other} is of a single run`, FEED_USAGE);
  return { port: port === undefined ? 0 : wholeNumber('--port', String(port), { to: 65_535 }) };
};

/** Reads the command line. Throws UnusableInput. */
export const readFeedArguments = (
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
): FeedArguments | 'help' => {
  const { values } = readArgs(
    {
      args,
      options: {
        help: { type: 'boolean' },
        company: { type: 'string' },
        feed: { type: 'string' },
        'dry-run': { type: 'boolean' },
        serve: { type: 'boolean' },
        port: { type: 'string' },
        release: { type: 'string' },
        reject: { type: 'string' },
        config: { type: 'string' },
        json: { type: 'string' },
        html: { type: 'string' },
        files: { type: 'string' },
        'target-org': { type: 'string' },
      },
    },
    FEED_USAGE,
  );
  if (values.help) return 'help';
  const decision = decisionOf(values.release, values.reject);
  const serve = serveOf(values);
  if (decision === null && serve === null && values.company === undefined)
    throw unusable('--company is missing: whose views are to be read?', FEED_USAGE);
  const config = values.config ?? (environment.FEEDS_CONFIG || DEFAULT_CONFIG);
  if (decision !== null && (values.company !== undefined || values.feed !== undefined || values['dry-run']))
    throw unusable('--release and --reject name a run, and nothing else', FEED_USAGE);
  for (const [option, path] of [
    ['--json', values.json === '-' ? undefined : values.json],
    ['--html', values.html],
  ] as const) {
    const problem = path === undefined ? null : placeProblem(path);
    if (problem) throw new UnusableInput(`${option} ${path}: ${problem}`);
  }
  return {
    config,
    company: values.company ?? null,
    feed: values.feed ?? null,
    serve,
    isDry: values['dry-run'] ?? false,
    decision,
    json: values.json ?? null,
    html: values.html ?? null,
    files: values.files ?? null,
    targetOrg: values['target-org'] ?? null,
  };
};
