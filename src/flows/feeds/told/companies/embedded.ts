/** The sample's databases in folders of this machine. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { UnusableInput } from 'kernel/command-line.ts';
import { seededRandom } from 'kernel/random.ts';
import { newClusterArchive } from '../../../../shared/sql/new-cluster.ts';
import { companyRows, type CompanyRows } from './rows.ts';
import { definitions, inserts } from './sql.ts';

/** Rows of several companies from one seed: each has a stream of its own, so none depends on the others. */
export const rowsOf = (company: string, accounts: number, seed: number): CompanyRows => {
  const own = [...company].reduce((hash, letter) => Math.imul(hash, 31) + letter.codePointAt(0)!, seed);
  return companyRows(company, accounts, seededRandom(own));
};

/** Makes the database of a company in a folder. Throws UnusableInput when there is one. */
export const makeEmbedded = async (folder: string, rows: CompanyRows): Promise<void> => {
  if (existsSync(join(folder, 'PG_VERSION')))
    throw new UnusableInput(`${folder} has a database; name another folder, or remove it`);
  await mkdir(folder, { recursive: true });
  const archive = await newClusterArchive();
  const db = await PGlite.create({ dataDir: folder, ...(archive ? { loadDataDir: archive } : {}) });
  try {
    await db.exec(`${definitions('postgresql')}${inserts(rows, 'postgresql').join('')}`);
  } finally {
    await db.close();
  }
};
