/** Writes schema.sql again from the migrations: `node src/middle-layer/db/refresh-schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { carriedFlows } from '../../flows/index.ts';
import { prepareDatabase } from '../index.ts';
import { openPglite } from '../../shared/sql/pglite.ts';
import { dumpSchema } from './dump-schema.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const db = await openPglite();
await prepareDatabase(db, carriedFlows);
await writeFile(here('schema.sql'), await dumpSchema(db));
await db.close();
