/** The program of feeds as people start it: `npm run feed`, a process that ends. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { COMPILED_MODULES } from '../../../shared/cache-folder.ts';
import { QUICK_START } from '../../../shared/engine-flags.ts';
import type { CompanyDatabases } from './databases.ts';
import type { MappedFeed } from './proof.ts';

const COMMAND = fileURLToPath(new URL('../../../../scripts/feed.ts', import.meta.url));

/** One feed of a run, as `--json` tells it. */
export interface ToldFeed {
  feed: string;
  run: string | null;
  status: string;
  counts: Record<string, number>;
  apiCalls: number;
  /** ISO 8601; null: not each record was compared. */
  vouchedSince: string | null;
  audited: { records: number; calls: number } | null;
  reasons: string[];
  /** Paths of the files that the run left. */
  files: string[];
}

export interface Ended {
  /** Null: it was killed. */
  code: number | null;
  feeds: ToldFeed[];
}

/** Where Salesforce is, and as whom the program logs in. */
export interface SalesforceReach {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** A configuration of the companies and their databases, and how it is run. */
export class FeedProgram {
  readonly config: string;
  readonly #folder: string;
  readonly #databases: CompanyDatabases;
  readonly #salesforce: SalesforceReach;

  /** `folder`: for the configuration, and the program's own tables. */
  constructor(
    folder: string,
    feeds: Record<string, MappedFeed>,
    {
      companies,
      databases,
      salesforce,
    }: { companies: readonly string[]; databases: CompanyDatabases; salesforce: SalesforceReach },
  ) {
    this.#folder = folder;
    mkdirSync(this.#files, { recursive: true });
    this.#databases = databases;
    this.#salesforce = salesforce;
    this.config = join(folder, 'feeds.json');
    const texts = Object.fromEntries(companies.map((company) => [company, databases.textOf(company)]));
    writeFileSync(this.config, JSON.stringify({ companies: texts, feeds }, null, 2));
  }

  get #files(): string {
    return join(this.#folder, 'files');
  }

  /** Each company has tables of its own: an embedded database serves one process at a time. */
  tablesOf(company: string): string {
    return join(this.#folder, 'tables', company);
  }

  /**
   * Runs the feeds of a company. `offsetMs`: how far the clocks are ahead of the machine's. `killWhen`: the process is killed when
   * it resolves, unless it has ended.
   */
  async run(
    company: string,
    { offsetMs, killWhen }: { offsetMs: number; killWhen?: () => Promise<void> },
  ): Promise<Ended> {
    const child = spawn(
      process.execPath,
      [...QUICK_START, COMMAND, '--config', this.config, '--company', company, '--json', '-', '--files', this.#files],
      {
        env: {
          NODE_COMPILE_CACHE: COMPILED_MODULES,
          ...process.env,
          ...this.#databases.environment,
          FEEDS_DATA_DIR: this.tablesOf(company),
          SALESFORCE_URL: this.#salesforce.url,
          SALESFORCE_CLIENT_ID: this.#salesforce.clientId,
          SALESFORCE_CLIENT_SECRET: this.#salesforce.clientSecret,
          CLOCK_OFFSET_MS: String(offsetMs),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let [out, problems] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (problems += chunk));
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code));
    });
    if (killWhen) {
      await Promise.race([ended, killWhen()]);
      child.kill('SIGKILL');
    }
    const code = await ended;
    if (code === null) return { code, feeds: [] };
    if (code !== 0 && code !== 1 && code !== 3)
      throw new Error(`the feeds of ${company} ended with code ${code}: ${problems}${out}`);
    return { code, feeds: JSON.parse(out) as ToldFeed[] };
  }
}

/** External ids of the rows that a run left for another one, as its files tell. */
export const waitingIn = ({ files }: ToldFeed): string[] => {
  const path = files.find((name) => name.endsWith('-not-processed.csv'));
  if (path === undefined) return [];
  const lines: string[][] = parse(readFileSync(path, 'utf8'), { fromLine: 2 });
  return lines.flatMap(([id = '', why = '']) => (why.startsWith('waits for ') ? [id] : []));
};
