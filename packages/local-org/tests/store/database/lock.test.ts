import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Database } from '../../../src/store/database/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'org-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a file belongs to one org at a time', () => {
  const file = join(folder, 'org.db');
  const first = new Database(file);
  assert.throws(() => new Database(file, 0), /is in use by another org: stop that one, or give this one another file/);
  first.close();
  new Database(file, 0).close();
});
