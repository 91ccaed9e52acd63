/** The seal of usage that Apex and TypeScript must both reproduce: config/seal-vectors.json. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sealOf, type SealedEntry } from '../../src/shared/usage-seal.ts';

const { vectors, byCount } = JSON.parse(
  readFileSync(new URL('../../config/seal-vectors.json', import.meta.url), 'utf8'),
) as {
  vectors: { name: string; entries: SealedEntry[]; digest: string; units: string }[];
  byCount: Record<string, string>;
};

test('there are vectors of every kind', () => {
  assert.equal(vectors.length, 7);
  assert.deepEqual(Object.keys(byCount), ['200', '201']);
});

test('TypeScript meets every seal vector, in whatever order the entries come', () => {
  for (const { name, entries, digest, units } of vectors) {
    const seal = sealOf(entries.toReversed());
    assert.deepEqual(seal, { entries: entries.length, units, digest }, name);
  }
});

test('a block is closed where it is full', () => {
  for (const [count, digest] of Object.entries(byCount)) {
    const entries = Array.from({ length: Number(count) }, (_, at) => ({
      key: `${at.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000#1`,
      version: 1,
      units: '0.125',
      productNumber: 'SMALL',
    }));
    assert.equal(sealOf(entries).digest, digest, count);
  }
});

test('whatever changes of an entry changes the digest', () => {
  const entry: SealedEntry = { key: 'a#1', version: 1, units: '1', productNumber: 'SMALL' };
  const { digest } = sealOf([entry]);
  for (const changed of [{ key: 'a#2' }, { version: 2 }, { units: '1.001' }, { productNumber: 'Small' }])
    assert.notEqual(sealOf([{ ...entry, ...changed }]).digest, digest, JSON.stringify(changed));
  assert.equal(sealOf([{ ...entry, units: '1.000' }]).digest, digest, 'the same units');
});
