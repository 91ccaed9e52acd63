/** The configuration of feeds: companies and their databases, feeds and where they go. No secret is in it. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { IANAZone } from 'luxon';
import { UnusableInput } from 'kernel/command-line.ts';
import { checkSchema, readJsonFile } from '../shared/json-file.ts';
import { Schedule } from './schedule.ts';
import type { View } from './source/types.ts';
import type { Feed, FeedPolicy, FieldRule } from './types.ts';

const SCHEMA = new URL('../../config/feeds.schema.json', import.meta.url);

/** Rights of a file that others than its owner may read or write. */
const OF_OTHERS = 0o077;

/** Names under which people put a secret into a configuration. */
const SECRET_NAME = /password|passwd|pwd|secret|token|connectionstring/i;

/** Where a secret is: in a variable, or in a file. */
export interface Secret {
  environment?: string;
  file?: string;
}

interface CompanyText {
  source: Record<string, unknown> & { timeZone: string };
  secret?: Secret;
  views?: Record<string, ViewText>;
}

interface ViewText {
  name: string;
  where?: Record<string, string>;
}

/** The view owns a field where nothing else is said. */
type FieldText = Omit<FieldRule, 'owner'> & Partial<Pick<FieldRule, 'owner'>>;

interface FeedText {
  object: string;
  externalId: string;
  view: ViewText;
  key: string[];
  fields: Record<string, FieldText>;
  policy: FeedPolicy;
  schedule: string;
  scheduleTimeZone?: string;
}

interface ConfigText {
  companies: Record<string, CompanyText>;
  feeds: Record<string, FeedText>;
}

/** A company: how its database is reached. */
export interface Company {
  name: string;
  source: Readonly<Record<string, unknown>>;
  /** In which its database means timestamps that have no zone. */
  timeZone: string;
  secret: Secret | null;
}

/** Feeds as they are configured, parents before children. */
export class FeedConfig {
  readonly #path: string;
  readonly #text: ConfigText;

  constructor(path: string, text: ConfigText) {
    this.#path = path;
    this.#text = text;
  }

  get companies(): string[] {
    return Object.keys(this.#text.companies);
  }

  /** The names of the feeds, parents before children. */
  get feeds(): string[] {
    return inOrder(this.#path, this.#text.feeds);
  }

  /** A company of the list. Throws UnusableInput with the list for any other. */
  company(name: string): Company {
    if (!Object.hasOwn(this.#text.companies, name))
      throw new UnusableInput(`no company is called ${JSON.stringify(name)}; name one of ${this.companies.join(', ')}`);
    const { source, secret = null } = this.#text.companies[name]!;
    return {
      name,
      source: { ...source, baseDirectory: dirname(resolve(this.#path)) },
      timeZone: source.timeZone,
      secret,
    };
  }

  /** A feed of a company. Throws UnusableInput with the list of feeds for an unknown one. */
  feed(company: string, name: string): Feed {
    if (!Object.hasOwn(this.#text.feeds, name))
      throw new UnusableInput(`no feed is called ${JSON.stringify(name)}; name one of ${this.feeds.join(', ')}`);
    this.company(company);
    const { view, fields, scheduleTimeZone = 'UTC', ...rest } = this.#text.feeds[name]!;
    const own = this.#text.companies[company]!.views?.[name];
    return { ...rest, name, company, view: viewOf(own ?? view), fields: withOwners(fields), scheduleTimeZone };
  }

  /** The external id field of another feed's object: what a look-up names. */
  parentOf(feed: string): { object: string; externalId: string } {
    const { object, externalId } = this.#text.feeds[feed]!;
    return { object, externalId };
  }
}

const viewOf = ({ name, where = {} }: ViewText): View => ({ name, where });

const withOwners = (fields: Record<string, FieldText>): Record<string, FieldRule> =>
  Object.fromEntries(Object.entries(fields).map(([name, rule]) => [name, { ...rule, owner: rule.owner ?? 'view' }]));

const parentsOf = ({ fields }: FeedText): string[] =>
  Object.values(fields).flatMap(({ parent }) => (parent === undefined ? [] : [parent]));

/** Parents before children. Throws UnusableInput where feeds are parents of each other, or of none that is configured. */
const inOrder = (path: string, feeds: Record<string, FeedText>): string[] => {
  const placed: string[] = [];
  const place = (name: string, under: readonly string[]): void => {
    if (placed.includes(name)) return;
    if (under.includes(name))
      throw new UnusableInput(
        `feeds ${path}: ${[...under, name].join(' needs ')}; feeds cannot be parents in a circle`,
      );
    for (const parent of parentsOf(feeds[name]!)) {
      if (!Object.hasOwn(feeds, parent))
        throw new UnusableInput(`feeds ${path}: ${name} has the parent ${parent}, which is no feed of this file`);
      // a record may have a parent of its own kind
      if (parent !== name) place(parent, [...under, name]);
    }
    placed.push(name);
  };
  for (const name of Object.keys(feeds)) place(name, []);
  return placed;
};

const checkSchedules = (path: string, feeds: Record<string, FeedText>): void => {
  for (const [name, { schedule, scheduleTimeZone = 'UTC' }] of Object.entries(feeds)) {
    checkZone(path, `the scheduleTimeZone of ${name}`, scheduleTimeZone);
    try {
      if (new Schedule(schedule, scheduleTimeZone).next(FAR_BACK) !== null) continue;
    } catch (error) {
      throw new UnusableInput(
        `feeds ${path}: the schedule of ${name} is no cron expression: ${(error as Error).message}`,
      );
    }
    throw new UnusableInput(`feeds ${path}: the schedule of ${name}, ${schedule}, never comes; correct it`);
  }
};

/** Any moment, so that the file is judged the same on each day. */
const FAR_BACK = 0;

const checkZone = (path: string, what: string, zone: string): void => {
  if (!IANAZone.isValidZone(zone))
    throw new UnusableInput(
      `feeds ${path}: ${what}, ${zone}, is not known; use a name of the time zone database, for example America/Bogota`,
    );
};

const checkZones = (path: string, companies: Record<string, CompanyText>): void => {
  for (const [company, { source }] of Object.entries(companies))
    checkZone(path, `the timeZone of ${company}`, source.timeZone);
};

const checkSecrets = (path: string, companies: Record<string, CompanyText>): void => {
  for (const [company, { source }] of Object.entries(companies))
    for (const name of Object.keys(source))
      if (SECRET_NAME.test(name))
        throw new UnusableInput(
          `feeds ${path}: the source of ${company} has ${name}; a secret does not belong into this file: take it out, change it where it was used, and name under "secret" the variable or the file that holds it`,
        );
};

/** Reads and validates the configuration. Throws UnusableInput that names each wrong place. */
export const readFeedConfig = async (path: string): Promise<FeedConfig> => {
  const value = await readJsonFile('feeds', path, 'check the path after --config');
  await checkSchema(`feeds ${path}`, value, SCHEMA);
  const text = value as ConfigText;
  checkSecrets(path, text.companies);
  checkZones(path, text.companies);
  checkSchedules(path, text.feeds);
  inOrder(path, text.feeds);
  return new FeedConfig(path, text);
};

/** The secret of `whose`. A file must be readable by its owner alone. Throws UnusableInput, which never quotes a secret. */
export const readSecret = (
  whose: string,
  { environment: variable, file: path }: Secret,
  environment: Readonly<Record<string, string | undefined>>,
): string => {
  if (variable !== undefined) {
    const value = environment[variable];
    if (!value) throw new UnusableInput(`${variable} is not set; put the secret of ${whose} there`);
    return value;
  }
  try {
    if ((statSync(path!).mode & OF_OTHERS) !== 0)
      throw new UnusableInput(`the secret of ${whose}, ${path}, can be read by others; chmod 600 it`);
    return readFileSync(path!, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof UnusableInput) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UnusableInput(`the secret of ${whose}, ${path}, cannot be read (${code})`);
  }
};

/** The password of a company's database; null when it needs none. Throws UnusableInput as `readSecret`. */
export const secretOf = (
  { name, secret }: Pick<Company, 'name' | 'secret'>,
  environment: Readonly<Record<string, string | undefined>>,
): string | null => (secret === null ? null : readSecret(`${name}'s database`, secret, environment));
