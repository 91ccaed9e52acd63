import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedAd } from '../../../../src/flows/usage/told/desk.ts';
import { compare, type Held, type HeldUse } from '../../../../src/flows/usage/told/proof.ts';

const ad = (id: string, uses: Record<string, string>, more: Partial<ListedAd> = {}): ListedAd => ({
  id,
  title: id,
  contract: '00000100',
  uses,
  isCancelled: false,
  state: 'in Salesforce',
  ...more,
});

const use = (adId: string, product: string, units: number): HeldUse => ({
  adId,
  contract: '00000100',
  product,
  units,
});

const held = (entries: HeldUse[], exceptions: HeldUse[] = [], consumed?: number): Held => ({
  entries,
  exceptions,
  lines: [
    {
      contract: '00000100',
      product: 'SMALL',
      consumed:
        consumed ?? entries.filter(({ product }) => product === 'SMALL').reduce((sum, { units }) => sum + units, 0),
    },
  ],
});

const SPRING = ad('spring', { SMALL: '2', GIGANTIC: '1' });
const ENTERED = [use('spring', 'GIGANTIC', 1), use('spring', 'SMALL', 2)];

test('ads that Salesforce has entered as they are booked agree, in any order of their uses', () => {
  const cancelled = ad('cancelled', { SMALL: '9' }, { isCancelled: true });
  assert.deepEqual(compare([SPRING, cancelled], held(ENTERED), []), { entered: 2, waiting: 0, differences: [] });
});

test('an ad that waits for a decision is no entry', () => {
  const late = ad('late', { SMALL: '1' });
  assert.deepEqual(compare([SPRING, late], held(ENTERED, [use('late', 'SMALL', 1)]), ['late']), {
    entered: 1,
    waiting: 1,
    differences: [],
  });
});

const differences = (ads: ListedAd[], side: Held, late: string[] = []): string[] =>
  compare(ads, side, late).differences;

test('every way to differ is found', () => {
  assert.deepEqual(differences([SPRING], held([])), [
    'ad spring (spring) uses 1 × GIGANTIC on 00000100, 2 × SMALL on 00000100; Salesforce has nothing',
  ]);
  assert.match(differences([SPRING], held([use('spring', 'SMALL', 2)]))[0]!, /Salesforce has 2 × SMALL on 00000100$/);
  assert.match(differences([SPRING], held([...ENTERED, use('spring', 'SMALL', 2)]))[0]!, /2 × SMALL .*, 2 × SMALL/);
  assert.match(
    differences([ad('moved', { SMALL: '2' }, { contract: '00000101' })], held([use('moved', 'SMALL', 2)]))[0]!,
    /uses 2 × SMALL on 00000101; Salesforce has 2 × SMALL on 00000100/,
  );
  assert.match(
    differences([ad('gone', { SMALL: '2' }, { isCancelled: true })], held([use('gone', 'SMALL', 2)]))[0]!,
    /uses nothing; Salesforce has 2 × SMALL/,
  );
  assert.deepEqual(differences([], held([], [use('odd', 'SMALL', 1)])), [
    'Salesforce has an ad odd that nobody booked',
  ]);
  assert.deepEqual(differences([SPRING], held(ENTERED, [], 3)), [
    'the line of SMALL on 00000100 says 3 consumed, its entries 2',
  ]);
});

test('what came after its contract was fulfilled must not be entered', () => {
  assert.deepEqual(differences([SPRING], held(ENTERED), ['spring']), [
    'ad spring (spring) came after its contract was fulfilled, and does not wait for a decision',
  ]);
});
