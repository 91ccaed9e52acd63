/**
 * The files of a PostgreSQL cluster without tables, as PGlite's initdb makes them. Making them takes seconds of every
 * start of a database in memory, and they are always the same: the first start keeps them for the next.
 */
import { openAsBlob, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { CACHE_FOLDER } from '../cache-folder.ts';

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite'))));
const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
const PREFIX = 'new-cluster-';
const NAME = `${PREFIX}${version}.tar`;

/** The kept files as a tar archive (for `loadDataDir`); null when nobody kept them. `folder`: where they are kept. */
export const readNewCluster = async (folder = CACHE_FOLDER): Promise<Blob | null> => {
  try {
    return await openAsBlob(join(folder, NAME));
  } catch {
    return null;
  }
};

/** Keeps the files of a database that has just been made. Where nothing can be written, each start makes its own. */
export const keepNewCluster = async (db: PGlite, folder = CACHE_FOLDER): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder))
      if (name.startsWith(PREFIX) && !name.startsWith(NAME)) await rm(join(folder, name), { force: true });
    await db.exec('CHECKPOINT');
    const archive = await db.dumpDataDir('none');
    // Several may start at once: none must see half a file.
    const draft = join(folder, `${NAME}.${process.pid}`);
    await writeFile(draft, Buffer.from(await archive.arrayBuffer()));
    await rename(draft, join(folder, NAME));
  } catch {
    // The next start makes its own.
  }
};
