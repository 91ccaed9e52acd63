/**
 * One folder per SOQL feature under fixtures/, one `.soql` file per case with what it answers beside it:
 * the rows, or the error. UPDATE_FIXTURES=1 writes the answers again; read the difference before keeping it.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { StoreError } from '../../../src/store/types.ts';
import type { Binds } from '../../../src/store/types.ts';
import type { TestStore } from '../open.ts';
import { plain } from '../open.ts';
import { library } from './library.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const update = process.env['UPDATE_FIXTURES'] === '1';

let test: TestStore;
describe('SOQL', () => {
  before(() => (test = library()));

  for (const feature of readdirSync(FIXTURES).sort()) {
    describe(feature, () => {
      const folder = join(FIXTURES, feature);
      for (const file of readdirSync(folder).sort()) {
        if (file.endsWith('.soql')) it(file.slice(0, -'.soql'.length), () => check(join(folder, file)));
      }
    });
  }
});

function check(file: string): void {
  const bindsFile = file.replace(/soql$/, 'binds.json');
  const binds = existsSync(bindsFile) ? (JSON.parse(readFileSync(bindsFile, 'utf8')) as Binds) : undefined;
  const answer = run(readFileSync(file, 'utf8').trimEnd(), binds);
  const expectedFile = file.replace(/soql$/, 'json');
  if (update) writeFileSync(expectedFile, `${JSON.stringify(answer, null, 2)}\n`);
  assert.deepEqual(answer, JSON.parse(readFileSync(expectedFile, 'utf8')));
}

/** What the query answers, as JSON has it. */
function run(soql: string, binds: Binds | undefined): unknown {
  try {
    const result = test.store.query(soql, { access: test.admin, ...(binds && { binds }) });
    return result.count === undefined
      ? { rows: result.rows.map(plain), counted: result.rowsCounted }
      : { count: result.count };
  } catch (error) {
    if (error instanceof StoreError) return { error: error.code, message: error.message.split('\n') };
    throw error;
  }
}
