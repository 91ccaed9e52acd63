/** Writes schema.sql anew from the migrations: `node src/middle-layer/db/refresh-schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../shared/sql/migrate.ts';
import { openPglite } from '../../shared/sql/pglite.ts';
import { dumpSchema } from './dump-schema.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const db = await openPglite();
await migrate(db, here('migrations'), 'middle-layer');
await writeFile(here('schema.sql'), await dumpSchema(db));
await db.close();
