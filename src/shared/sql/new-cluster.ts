/**
 * The files of a PostgreSQL cluster without tables, as PGlite's initdb makes them. That takes seconds of the first start
 * of every embedded database and always comes out the same, so the first one ever is kept, and the next begin with it.
 */
import { cpSync, existsSync, openAsBlob, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { CACHE_FOLDER } from '../cache-folder.ts';

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite'))));
const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
const PREFIX = 'new-cluster-';
/** What is left out of the files counts as another version of them. */
const NAME = `${PREFIX}${version}-one-database`;
const FILES = 'files';
const ARCHIVE = 'files.tar';
/** What tells a data directory. It is kept apart and copied last, so that nobody takes half a copy for a database. */
const MARK = 'PG_VERSION';
/** How the names of files begin that stand beside the database's own. */
const OWN_FILES = 'concord.';

/** The files as a tar archive, for `loadDataDir`; null where nothing can be kept. `folder`: where they are kept. */
export const newClusterArchive = async (folder = CACHE_FOLDER): Promise<Blob | null> =>
  (await isKept(folder)) ? openAsBlob(join(folder, NAME, ARCHIVE)) : null;

/** Stands in a data directory while it is filled: what has it and no mark is half a copy, which nobody has stored in. */
export const BEING_MADE = 'concord.being-made';

/** Puts the files into a data directory that is there and has none yet. Does nothing where nothing can be kept. */
export const copyNewCluster = async (dataDir: string, folder = CACHE_FOLDER): Promise<void> => {
  if (existsSync(join(dataDir, MARK)) || !(await isKept(folder))) return;
  const sign = join(dataDir, BEING_MADE);
  if (existsSync(sign)) await dropHalfCopy(dataDir);
  await writeFile(sign, '');
  await copyAll(join(folder, NAME, FILES), dataDir);
  await copyFile(join(folder, NAME, MARK), join(dataDir, MARK));
  await rm(sign);
};

/** The quick way says EIO of whatever the disk refuses; the other one meets the same, and says what it is. */
const copyAll = async (from: string, to: string): Promise<void> => {
  try {
    cpSync(from, to, { recursive: true });
  } catch {
    await cp(from, to, { recursive: true });
  }
};

/** What a start has left that was killed, or found the disk full. */
const dropHalfCopy = async (dataDir: string): Promise<void> => {
  for (const name of await readdir(dataDir))
    if (!name.startsWith(OWN_FILES)) await rm(join(dataDir, name), { recursive: true });
};

/** Whether the files are kept, now at the latest. */
const isKept = async (folder: string): Promise<boolean> => {
  const kept = join(folder, NAME);
  if (existsSync(kept)) return true;
  const draft = `${kept}.${process.pid}`;
  try {
    await mkdir(draft, { recursive: true });
    await make(draft);
    // Several processes may make it at once: the first one counts, and none sees half of it.
    await rename(draft, kept);
    await dropOthers(folder);
  } catch {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
  return existsSync(kept);
};

const make = async (draft: string): Promise<void> => {
  const db = await PGlite.create({ dataDir: join(draft, FILES) });
  try {
    await dropTemplates(db);
    await db.exec('CHECKPOINT');
    const archive = await db.dumpDataDir('none');
    await writeFile(join(draft, ARCHIVE), Buffer.from(await archive.arrayBuffer()));
  } finally {
    await db.close();
  }
  await rename(join(draft, FILES, MARK), join(draft, MARK));
};

/**
 * Two of the three databases of a cluster are there to be copied when another is made, which nobody does here. They are two
 * thirds of the files that each new database begins with.
 */
const dropTemplates = async (db: PGlite): Promise<void> => {
  await db.exec('UPDATE pg_database SET datistemplate = false');
  for (const name of ['template0', 'template1']) await db.exec(`DROP DATABASE ${name}`);
};

/** Those of other versions. */
const dropOthers = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder))
    if (name.startsWith(PREFIX) && !name.startsWith(NAME))
      await rm(join(folder, name), { recursive: true, force: true });
};
