/** Brings the table of kinds in docs/reconciliation.md in line with src/reconciliation/kinds.ts. */
import { readFile, writeFile } from 'node:fs/promises';
import { withKindsTable } from '../src/reconciliation/kinds-table.ts';

const DOCUMENT = new URL('../docs/reconciliation.md', import.meta.url);

await writeFile(DOCUMENT, withKindsTable(await readFile(DOCUMENT, 'utf8')));
