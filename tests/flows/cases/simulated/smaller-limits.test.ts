import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SMALLER_LIMITS } from '../../../../src/flows/cases/simulated/smaller-limits.ts';

const ROOT = new URL('../../../../', import.meta.url);

for (const { file, limit, smaller } of SMALLER_LIMITS)
  test(`the limit that the simulation makes smaller is where it was: ${file}, ${limit}`, () => {
    assert.equal(readFileSync(new URL(file, ROOT), 'utf8').split(limit).length, 2);
    assert.notEqual(smaller, limit);
  });
