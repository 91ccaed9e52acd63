/** Makes the databases of the sample's companies: see USAGE. */
import { join } from 'node:path';
import { readArgs, runCommand, unusable, wholeNumber } from 'kernel/command-line.ts';
import { readFeedConfig, type FeedConfig } from '../src/feeds/config.ts';
import { makeEmbedded, rowsOf } from '../src/flows/feeds/told/companies/embedded.ts';
import {
  definitions,
  DIALECTS,
  inserts,
  SAMPLE_COMPANIES,
  type Dialect,
} from '../src/flows/feeds/told/companies/sql.ts';

const USAGE = `npm run companies [-- --into FOLDER] [--rows N] [--seed N]
npm run --silent companies -- --sql postgresql|sqlserver --company NAME [--rows N] [--seed N]

  Makes up what the databases of the sample's companies hold (samples/companies), from a seed: Spanish texts, and the oddities
  that real databases have.

  --into     makes an embedded database for each company in this folder (default: .concord/companies, where the sample's
             feeds.json looks)
  --sql      prints tables, views and rows as SQL instead, for a server of your own
  --company  whose rows are printed
  --rows     how many accounts a company has (default 200); stores and agreements are half as many again
  --seed     the same seed makes the same rows (default 311)

exit 0: done · 2: unusable arguments, or a folder that has a database`;

const DEFAULT_FOLDER = '.concord/companies';

const isDialect = (text: string): text is Dialect => DIALECTS.some((dialect) => dialect === text);

const print = (
  config: FeedConfig,
  dialect: string,
  { company, rows, seed }: { company: string | undefined; rows: number; seed: number },
): void => {
  if (!isDialect(dialect)) throw unusable(`--sql ${dialect} is not known; name one of ${DIALECTS.join(', ')}`, USAGE);
  if (company === undefined) throw unusable('--company is missing: whose rows are to be printed?', USAGE);
  const { name } = config.company(company);
  process.stdout.write(definitions(dialect));
  for (const text of inserts(rowsOf(name, rows, seed), dialect)) process.stdout.write(`\n${text}`);
};

const main = async (): Promise<number> => {
  const { values } = readArgs(
    {
      args: process.argv.slice(2),
      options: {
        help: { type: 'boolean' },
        into: { type: 'string' },
        sql: { type: 'string' },
        company: { type: 'string' },
        rows: { type: 'string', default: '200' },
        seed: { type: 'string', default: '311' },
      },
    },
    USAGE,
  );
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [rows, seed] = [wholeNumber('--rows', values.rows), wholeNumber('--seed', values.seed)];
  const config = await readFeedConfig(join(SAMPLE_COMPANIES, 'feeds.json'));
  if (values.sql !== undefined) {
    if (values.into !== undefined) throw unusable('--sql prints, and --into makes databases; give one of them', USAGE);
    print(config, values.sql, { company: values.company, rows, seed });
    return 0;
  }
  if (values.company !== undefined) throw unusable('--company belongs to --sql; databases are made for all', USAGE);
  const folder = values.into ?? DEFAULT_FOLDER;
  for (const company of config.companies) {
    await makeEmbedded(join(folder, company), rowsOf(company, rows, seed));
    process.stdout.write(`${join(folder, company)}: ${rows} accounts\n`);
  }
  return 0;
};

await runCommand(main);
