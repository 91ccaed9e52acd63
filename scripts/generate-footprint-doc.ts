/** Brings the tables of docs/your-org.md in line with what the package directories put into an org. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readFootprint } from './footprint/metadata.ts';
import { footprintTables, withTables } from './footprint/tables.ts';
import { LARGE, queriesOf } from './queries/check.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DOCUMENT = `${ROOT}docs/your-org.md`;

const tables = footprintTables(readFootprint(ROOT), queriesOf(ROOT).queries, LARGE);
writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8'), tables));
