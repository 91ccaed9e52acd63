/** Brings the tables of kinds in docs/reconciliation.md in line with what each flow compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { flows } from '../src/flows/index.ts';
import { withKindsTable } from '../src/reconciliation/kinds-table.ts';

const file = new URL('../docs/reconciliation.md', import.meta.url);
let document = readFileSync(file, 'utf8');
for (const { name, compared } of flows) {
  if (compared) document = withKindsTable(document, name, (await compared()).kinds);
}
writeFileSync(file, document);
