/**
 * Brings the tables of docs/your-org.md in line with what the package directories put into an org, and with what their Apex
 * takes of its limits. `--check`: writes nothing, and fails when the document says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { limitTable, measureLimits } from './footprint/limits.ts';
import { readFootprint } from './footprint/metadata.ts';
import { footprintTables, withTables } from './footprint/tables.ts';
import { LARGE, queriesOf } from './queries/check.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DOCUMENT = `${ROOT}docs/your-org.md`;

const document = readFileSync(DOCUMENT, 'utf8');
const now = withTables(document, {
  ...footprintTables(readFootprint(ROOT), queriesOf(ROOT).queries, LARGE),
  ...limitTable(measureLimits(ROOT)),
});
if (!process.argv.includes('--check')) writeFileSync(DOCUMENT, now);
else if (now !== document) {
  process.stderr.write(
    'docs/your-org.md is out of date: run node scripts/generate-footprint-doc.ts and read what has changed\n',
  );
  process.exit(1);
}
