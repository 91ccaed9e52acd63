import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { NO_DIGEST } from '../../bench/digest-cost.ts';
import { replaceOnce } from '../simulation/mutations/replace-once.ts';

test('the org without digests that the bench compares with can be made of the code as it is', () => {
  const path = new URL(`../../${NO_DIGEST.file}`, import.meta.url);
  assert.match(
    replaceOnce(readFileSync(path, 'utf8'), NO_DIGEST),
    /FIELDS\.clear\(record\);\n\s+\} else \{\n\s+hashed\+\+;\n\s+FIELDS\.clear/,
  );
});
